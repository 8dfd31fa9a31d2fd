"""What every part of a site is: a record of all that its pages show, and the files made from that record."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from evalsite.site.cards.canvas import WIDTH, can_draw, draw
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.output.fingerprint import fingerprint
from evalsite.site.views.frame import Page


@dataclass(frozen=True)
class Data:
    """A file with its content; ``path`` is below the site."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Copy:
    """A file that is published as it is."""

    path: str
    source: Path


@dataclass(frozen=True)
class Packed:
    """Pages that stand in a compressed file; where each would stand, a small page shows it from there."""

    path: str
    """Of the compressed file. Where there is much, further ones stand beside it."""
    pages: Iterable[tuple[Page, str]]
    """Each with the path of what tells of it where no script runs."""


File = Page | Data | Copy | Packed


def unfurled(page: Page, options: SiteOptions, face: Callable[[], str], width: int = WIDTH) -> Iterator[File]:
    """A page, and the social card that links to it unfurl with, where one can be drawn and linked."""
    if not options.site_url or not can_draw():
        yield page
        return
    path = f"{page.frame.path}card.png"
    yield Data(path, draw(face(), width))
    yield replace(page, frame=replace(page.frame, card=path, card_width=width))


class Part(ABC):
    """Pages and files that are made together. Every kind of them is a frozen dataclass.

    A part is made again when one of its fields changed, the program or an option; runs among its fields
    stand for their files. :meth:`files` is given nothing else, so a page cannot show what the key lacks.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The kind, a colon, and what tells the part from the others of its kind."""

    @property
    def listed(self) -> tuple[str, ...]:
        """Paths of its pages that search engines may show: none with problems or generated code."""
        return ()

    @abstractmethod
    def files(self, options: SiteOptions) -> Iterator[File]:
        """Make the part's pages and files, one at a time."""

    def key(self, common: str) -> str:
        """Hash all that the part is made from; ``common`` is what every page depends on."""
        return fingerprint(common, self)


class OfOnePage(Protocol):
    """What one page is about."""

    @property
    def path(self) -> str:
        """Where the page stands."""


Subject = TypeVar("Subject", bound=OfOnePage)


@dataclass(frozen=True)
class SubjectPart(Part, Generic[Subject]):
    """One page of one subject, whatever the options."""

    subject: Subject
    is_listed: ClassVar[bool] = False
    """Whether search engines may show the page."""

    @staticmethod
    @abstractmethod
    def subjects(judgement: Judgement) -> Iterable[Any]:
        """Return all subjects that a site has."""

    @staticmethod
    @abstractmethod
    def page(subject: Any) -> Page:
        """Make the page of one."""

    @classmethod
    def all_of(cls, judgement: Judgement) -> Iterator[Self]:
        """Return a part for each subject."""
        return map(cls, cls.subjects(judgement))

    @property
    def name(self) -> str:
        """By the page's path, which tells subjects apart."""
        return f"page:{self.subject.path}"

    @property
    def listed(self) -> tuple[str, ...]:
        """Its page, if any."""
        return (self.subject.path,) if self.is_listed else ()

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - no option changes it
        """The page alone."""
        yield type(self).page(self.subject)


class Kind(Protocol):
    """A class of parts."""

    what: str
    """Several of them, in words: ``runs``."""

    def all_of(self, judgement: Judgement) -> Iterator[Part]:
        """Return the parts of this kind that a site has."""
