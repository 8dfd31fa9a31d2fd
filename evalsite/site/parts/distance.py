"""The page of a distance: two models apart by their tokens."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part
from evalsite.site.subjects.runs import DistanceSubject, distance_subjects
from evalsite.site.views.distance import distance_page


@dataclass(frozen=True)
class DistancePart(Part):
    """One distance."""

    what = "distances"
    subject: DistanceSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[DistancePart]":
        """Every distance that can be read."""
        yield from map(cls, distance_subjects(judgement))

    @property
    def name(self) -> str:
        """By its id."""
        return f"distance:{self.subject.found.record.id}"

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - a part's
        """The page alone."""
        yield distance_page(self.subject)
