"""The page of a data set's levels of difficulty."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part
from evalsite.site.subjects.runs import CliffSubject, cliff_subjects
from evalsite.site.views.cliffs import cliffs_page


@dataclass(frozen=True)
class CliffPart(Part):
    """One data set."""

    what = "levels of difficulty"
    subject: CliffSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[CliffPart]":
        """Every data set that was asked on several levels."""
        yield from map(cls, cliff_subjects(judgement))

    @property
    def name(self) -> str:
        """By the page's path, which tells data sets apart."""
        return f"cliffs:{self.subject.path}"

    @property
    def listed(self) -> tuple[str, ...]:
        """Its page."""
        return (self.subject.path,)

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - a part's
        """The page alone."""
        yield cliffs_page(self.subject)
