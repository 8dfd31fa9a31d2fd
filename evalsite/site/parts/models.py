"""The page of two models over all that was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.cards.canvas import SMALL
from evalsite.site.cards.faces import pool_card
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part, unfurled
from evalsite.site.subjects.runs import ModelsSubject, models_subjects
from evalsite.site.views.models import models_page, scored


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

    def files(self, options: SiteOptions) -> Iterator[File]:
        """The page; where data sets are pooled, with a card that has their picture."""
        card = scored(self.subject)
        page, pooled = models_page(self.subject, card), card.pooled
        if pooled is None:
            yield page
        else:
            yield from unfurled(page, options, lambda: pool_card(pooled, options.title), SMALL)
