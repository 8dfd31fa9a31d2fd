"""The page of two models over all that was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part
from evalsite.site.subjects.runs import ModelsSubject, models_subjects
from evalsite.site.views.models import models_page


@dataclass(frozen=True)
class ModelsPart(Part):
    """A candidate beside a baseline."""

    what = "pairs of models"
    subject: ModelsSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[ModelsPart]":
        """Every two models of which runs are compared."""
        yield from map(cls, models_subjects(judgement))

    @property
    def name(self) -> str:
        """By the page's path, which tells pairs apart."""
        return f"models:{self.subject.path}"

    @property
    def listed(self) -> tuple[str, ...]:
        """Its page."""
        return (self.subject.path,)

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - a part's
        """The page alone."""
        yield models_page(self.subject)
