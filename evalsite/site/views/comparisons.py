"""All comparisons, the newest first: each is a link away, without scripts, too."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.urls import comparisons_path
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.stats.compare.runs import RunComparison
from evalsite.words import cells
from evalsite.words.sentences import count

MOST_ROWS = 300
"""Comparisons on one page; older ones stand on further pages."""


@dataclass(frozen=True)
class ComparisonRow:
    """Two runs on one data set."""

    title: str
    """The candidate, or the newer run, against the other."""
    path: str
    dataset: str
    difference: str
    """Of pass@1, in points."""
    interval: str
    value: float | None
    mark: Mark
    day: str
    """When the candidate was asked."""


@dataclass(frozen=True)
class ComparisonsView:
    """The context of ``pages/comparisons.html``."""

    told: str
    rows: tuple[ComparisonRow, ...]
    before: Crumb | None
    after: Crumb | None


def comparisons_pages(judgement: Judgement) -> Iterator[Page]:
    """Make the pages of all comparisons; the first is there before there is any."""
    found = sorted(judgement.comparisons.values(), key=_made, reverse=True)
    starts = range(0, max(1, len(found)), MOST_ROWS)
    paths = [comparisons_path(number + 1) for number in range(len(starts))]
    for number, start in enumerate(starts):
        title = "Comparisons" if len(starts) == 1 else f"Comparisons, {number + 1} of {len(starts)}"
        view = ComparisonsView(
            told=_told(judgement),
            rows=tuple(_row(one, judgement) for one in found[start : start + MOST_ROWS]),
            before=Crumb("Newer ones", paths[number - 1]) if number else None,
            after=Crumb("Older ones", paths[number + 1]) if number + 1 < len(starts) else None,
        )
        frame = Frame(
            path=paths[number],
            title=title,
            description=view.told,
            crumbs=(Crumb("Comparisons", paths[number]),),
            script="compare",
        )
        yield Page("pages/comparisons.html", frame, view)


def _made(found: RunComparison) -> tuple[str, str, str]:
    return found.candidate.run.created_at, found.candidate.id, found.base.id


def _told(judgement: Judgement) -> str:
    told = f"{count(len(judgement.comparisons), 'pair')} of runs on one data set, the newest first."
    if left_out := judgement.pairs_left_out:
        told += f" {count(left_out, 'further pair')} {'is' if left_out == 1 else 'are'} not compared."
    return told


def _row(found: RunComparison, judgement: Judgement) -> ComparisonRow:
    base, candidate = found.base, found.candidate
    group, numbers = judgement.evidence.group_of(base), found.numbers
    difference, interval, value = cells.DASH, "", None
    if numbers is not None:
        difference, interval = cells.moved(numbers.main.value, numbers.main.interval, numbers.margin)
        value = round(100 * numbers.main.value, 4)
    return ComparisonRow(
        title=f"{group.names[candidate.id]} against {group.names[base.id]}",
        path=judgement.evidence.urls.compare(base.id, candidate.id),
        dataset=group.label,
        difference=difference,
        interval=interval,
        value=value,
        mark=decision_mark(found.decision, sequential=bool(found.sequential)),
        day=cells.day(candidate.run.created_at),
    )
