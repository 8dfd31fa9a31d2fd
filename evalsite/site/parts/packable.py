"""Parts whose pages of problems can be packed, and about how much they write either way."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Self

from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import Part


@dataclass(frozen=True)
class Bulk:
    """About how much a part writes, before it has been written."""

    own: int
    """Bytes of the part's own page, with what always stands beside it."""
    pages: int
    """Pages of problems."""
    held: float
    """Bytes of the runs' files that these pages show."""
    beside: float = 0
    """Bytes of what stands beside them only while they are not packed: files of the run, cards."""

    def size(self, *, packed: bool) -> float:
        """Bytes of it all, packed or not."""
        pages = _PAGE * self.pages + _MARKUP * self.held
        return self.own + (_SMALL_PAGE * self.pages + pages / _PACKED if packed else pages + self.beside)


_SMALL_PAGE, _PAGE = 500, 9_000
"""Bytes of the small page of a packed problem, and of a problem's page, what models wrote left out."""
_MARKUP, _PACKED = 2, 16
"""Bytes of pages for each byte of a run's files, and for each byte of a compressed file of pages."""


class Packable(Part):
    """A part whose pages of problems can stand in a compressed file, which takes a tenth of the room."""

    @property
    @abstractmethod
    def runs(self) -> tuple[str, ...]:
        """The ids of the runs that it is about: where one of them is archived, it is packed."""

    @abstractmethod
    def formed(self, *, packed: bool) -> Self:
        """Return the same, packed or not."""

    @abstractmethod
    def bulk(self, options: SiteOptions) -> Bulk:
        """Estimate how much it writes."""
