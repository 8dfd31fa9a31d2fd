"""Two models over all that was measured: a row for each thing, all together, and what was not measured."""

from dataclasses import dataclass

from evalsite.report.scorecards import below, limits_of
from evalsite.site.charts.drawing import Drawn
from evalsite.site.subjects.runs import ModelsSubject
from evalsite.site.views.distance import DistanceRow, distance_rows
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.site.views.pooled import forest
from evalsite.stats.scorecards import Scorecard, scorecard
from evalsite.stats.topics import CardRow
from evalsite.words import cells


@dataclass(frozen=True)
class ModelsRow:
    """One thing that was measured."""

    what: str
    path: str
    """Of the comparison that says more; empty where there is none."""
    problems: str
    base: str
    candidate: str
    difference: str
    interval: str
    mark: Mark | None
    told: str
    """In place of a verdict."""


@dataclass(frozen=True)
class ModelsSection:
    """One topic; without rows it was not measured."""

    title: str
    rows: tuple[ModelsRow, ...]
    how: str
    """The options of ``evalsite run`` that measure it; empty where others do."""


@dataclass(frozen=True)
class ModelsView:
    """The context of ``pages/models.html``."""

    base: str
    candidate: str
    mark: Mark
    sentences: tuple[str, ...]
    sections: tuple[ModelsSection, ...]
    together: ModelsRow | None
    below: tuple[str, ...]
    forest: Drawn | None
    distances: tuple[DistanceRow, ...]


def scored(subject: ModelsSubject) -> Scorecard:
    """The card of two models over all that was measured."""
    distances = [found for _, found in subject.distances]
    return scorecard(subject.runs, subject.base, subject.candidate, known=subject.known, distances=distances)


def models_page(subject: ModelsSubject, card: Scorecard) -> Page:
    """Make the page of two models, the baseline first."""
    title = f"{card.candidate} against {card.base}, over all"
    frame = Frame(
        path=subject.path,
        title=title,
        description=card.headline,
        crumbs=(Crumb(title, subject.path),),
    )
    return Page("pages/models.html", frame, _view(card, subject))


def _view(card: Scorecard, subject: ModelsSubject) -> ModelsView:
    return ModelsView(
        base=card.base,
        candidate=card.candidate,
        mark=decision_mark(card.decision),
        sentences=card.sentences,
        sections=tuple(
            ModelsSection(section.title, tuple(_row(row, subject) for row in section.rows), section.how)
            for section in card.sections
        ),
        together=_row(card.together, subject) if card.together else None,
        below=tuple(below(card)),
        forest=forest(card.pooled) if card.pooled else None,
        distances=distance_rows(subject.distances),
    )


def _row(row: CardRow, subject: ModelsSubject) -> ModelsRow:
    return ModelsRow(
        what=row.what,
        path=subject.urls.compare(*row.runs) if row.runs in subject.known else "",
        problems=f"{row.num_problems:,}" if row.num_problems else cells.DASH,
        base=cells.DASH if row.base is None else cells.percent(row.base),
        candidate=cells.DASH if row.candidate is None else cells.percent(row.candidate),
        difference=cells.DASH if row.value is None else cells.points(row.value),
        interval=limits_of(row, cells.MINUS),
        mark=decision_mark(row.decision) if row.decision else None,
        told="" if row.decision else row.told,
    )
