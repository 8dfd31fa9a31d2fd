"""The board of a data set: its runs, the best first, and its charts; very many runs go on further pages."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.report.edits import TABLE_HEADER, format_rows
from evalsite.site.charts.drawing import Drawn
from evalsite.site.charts.lines import curve_chart
from evalsite.site.charts.series import Series
from evalsite.site.charts.spots import score_chart, time_chart
from evalsite.site.charts.tradeoffs import MEASURES, tradeoff_chart
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, Evidence, in_time
from evalsite.site.urls import board_path
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.rows import RunTable, run_tables, told_by
from evalsite.stats.baseline import why_undecided
from evalsite.stats.cliffs import level_of
from evalsite.stats.compare.ranks import Told, told_apart
from evalsite.stats.decision import MARGIN
from evalsite.words.sentences import count


@dataclass(frozen=True)
class Board:
    """The runs on one data set."""

    anchor: str
    name: str
    detail: str
    total: int
    """Runs, with those on further pages."""
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    baseline: str
    """Id of the only baseline; empty where there is none, or where several families have each their own."""
    no_choice: str
    """What the choice of a baseline is called while there is no single one."""
    baseline_note: str
    """Which baseline is missing, or how to name one where there is none."""
    table: RunTable
    further: tuple[Crumb, ...]
    """Pages with the runs that this table leaves out."""
    cliffs_path: str
    """The page about the data set's levels of difficulty; empty where it has none."""
    edits: tuple[tuple[str, ...], ...]
    """Rows of edits by format and model; none where answers were to be no edits."""
    edits_head: tuple[str, ...]
    figures: tuple[Drawn, ...]
    figures_note: str


@dataclass(frozen=True)
class FurtherView:
    """The context of ``pages/runs.html``: runs that the front page has no room for."""

    heading: str
    note: str
    table: RunTable
    first: Crumb
    """The board on the front page."""
    before: Crumb
    after: Crumb | None


MOST_ROWS, MOST_OF_ALL, FEWEST = 50, 100, 10
"""Runs of a data set on the front page, of all of them together, and of one where there are many."""
WINDOW = 100
"""Runs on a further page."""


def boards_of(judgement: Judgement) -> Iterator[tuple[Board, tuple[Page, ...]]]:
    """Make the board of each data set, and the pages of the runs that the front page has no room for."""
    groups, told = judgement.evidence.groups, told_by(judgement)
    most = max(FEWEST, min(MOST_ROWS, MOST_OF_ALL // max(1, len(groups))))
    for group in groups:
        yield _board(group, judgement, _split(group, most), told)


def _split(group: DatasetGroup, most: int) -> list[Sequence[LoadedRun]]:
    """The best runs with the baselines and the newest run; then those that follow, page by page.

    Half as many more are worth no page of their own.
    """
    entries = group.entries
    if len(entries) <= most * 3 // 2:
        return [entries]
    kept = {*group.baselines, in_time(entries)[-1]}
    front = [entry for place, entry in enumerate(entries) if place < most or entry in kept]
    return [front, *(entries[start : start + WINDOW] for start in range(most, len(entries), WINDOW))]


def _further(
    group: DatasetGroup, split: Sequence[Sequence[LoadedRun]], tables: Sequence[RunTable]
) -> Iterator[Page]:
    """The pages of the runs that follow those of the front page."""
    if len(split) == 1:
        return
    home = Crumb("The best", f"#{group.anchor}")
    crumbs = [home, *_crumbs(group, split)]
    first = len(group.entries) - sum(map(len, split[1:])) + 1
    for number, table in enumerate(tables[1:], start=1):
        last = first + len(table.rows) - 1
        told = f"Runs {first:,} to {last:,} of {len(group.entries):,} on {group.label}"
        view = FurtherView(
            heading=told,
            note="In the order of their pass@1.",
            table=table,
            first=home,
            before=crumbs[number - 1],
            after=crumbs[number + 1] if number + 1 < len(crumbs) else None,
        )
        path = crumbs[number].path
        yield Page(
            "pages/runs.html",
            Frame(path=path, title=told, description=f"{told}, by pass@1.", crumbs=(Crumb(told, path),)),
            view,
        )
        first = last + 1


def _crumbs(group: DatasetGroup, split: Sequence[Sequence[LoadedRun]]) -> tuple[Crumb, ...]:
    """Each further page, called after the runs that it has."""
    last, found = len(group.entries) - sum(map(len, split[1:])), []
    for number, entries in enumerate(split[1:], start=2):
        first, last = last + 1, last + len(entries)
        found.append(Crumb(f"{first:,} to {last:,}", board_path(group.anchor, number)))
    return tuple(found)


def _board(
    group: DatasetGroup,
    judgement: Judgement,
    split: Sequence[Sequence[LoadedRun]],
    told: Mapping[tuple[str, str], Told],
) -> tuple[Board, tuple[Page, ...]]:
    base = group.baselines[0] if len(group.baselines) == 1 else None
    tick = None
    if base is not None and base.pass_at_1 is not None:
        tick = round(max(0.0, 100 * (base.pass_at_1 - _margin(group, judgement))), 1)
    figures, front = _figures(group, judgement, told), split[0]
    tables = list(run_tables(group, judgement, split, told, tick))
    board = Board(
        anchor=group.anchor,
        name=group.label,
        detail=f"{count(len(group.problems), 'problem')}, {count(len(group.entries), 'run')}",
        total=len(group.entries),
        languages=group.languages,
        kinds=group.kinds,
        baseline=base.id if base else "",
        no_choice="each family's own" if group.baselines else "none",
        baseline_note=_baseline_note(group, judgement.evidence),
        table=tables[0],
        further=_crumbs(group, split),
        cliffs_path=judgement.cliff_paths.get(level_of(group.entries[0])[0], ""),
        edits=tuple(format_rows(front, [entry.model for entry in front])),
        edits_head=tuple(name.capitalize() for name in TABLE_HEADER),
        figures=figures,
        figures_note=_figures_note(group, figures),
    )
    return board, tuple(_further(group, split, tables))


def _margin(group: DatasetGroup, judgement: Judgement) -> float:
    for entry in group.candidates():
        found = judgement.against_baseline(entry)
        if found and found.numbers:
            return found.numbers.margin
    return MARGIN


def _baseline_note(group: DatasetGroup, evidence: Evidence) -> str:
    unknown, held = evidence.unknown_baseline, evidence.baselines
    if unknown:
        return f"The baseline that is named, {unknown!r}, has no run here."
    runs = [entry.run for entry in group.entries]
    if undecided := next(filter(None, (why_undecided(run, runs) for run in runs if run.id not in held)), ""):
        return undecided
    if group.baselines:
        return ""
    return (
        "No baseline is set for this data set, so nothing is held against anything. Build with "
        f'--baseline {shlex.quote(group.entries[0].model)}, or say role = "baseline" in a model card.'
    )


def _figures(
    group: DatasetGroup, judgement: Judgement, told: Mapping[tuple[str, str], Told]
) -> tuple[Drawn, ...]:
    slugs = judgement.evidence.urls.runs
    runs = [
        Series(entry, judgement.side(entry), slugs[entry.id], group.names[entry.id])
        for entry in group.entries
        if entry.asks_all
    ]
    stem = f"fig-{group.anchor}"
    vacuous = {one.run.id for one in runs if judgement.is_vacuous(one.run)}
    known = told_apart([one.run.id for one in runs], told)
    drawn = (
        score_chart(f"{stem}-score", runs),
        curve_chart(f"{stem}-curves", runs),
        *(tradeoff_chart(f"{stem}-{measure.id}", measure, runs, known, vacuous) for measure in MEASURES),
        time_chart(f"{stem}-time", runs),
    )
    return tuple(figure for figure in drawn if figure)


def _figures_note(group: DatasetGroup, figures: Sequence[Drawn]) -> str:
    """Say what would make the charts appear that are not there."""
    wanted = []
    if len(group.entries) < 2:
        wanted.append("a second run")
    have = {figure.id.rpartition("-")[2] for figure in figures}
    if "curves" not in have:
        wanted.append("two or more samples of each problem (--num-samples)")
    if not have & {"bits", "size"}:
        wanted.append("bits per weight or sizes in two model cards (--model-card)")
    if "time" not in have:
        wanted.append("runs on three days or more (scores over time)")
    return f"More charts need {', and '.join(wanted)}." if wanted else ""
