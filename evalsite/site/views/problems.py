"""The matrix: all problems of a data set by its runs, the hardest first, and what is remarkable."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Tally
from evalsite.site.charts.live import to_plain_json
from evalsite.site.charts.series import SIDES
from evalsite.site.evidence.difficulty import (
    BROKEN_IN_TERNARY,
    SOLVED_BY_NONE,
    SUSPECT,
    Difficulty,
)
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup
from evalsite.site.urls import PROBLEMS, matrix_path
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.tallies import level_of
from evalsite.words import cells
from evalsite.words.sentences import count

MOST_RUNS = 12
"""Columns: baselines, candidates, then the best. A problem's page has all runs."""
MOST_ROWS = 200
"""Problems on one page; the next ones stand on further pages."""


@dataclass(frozen=True)
class Column:
    """A run."""

    name: str
    path: str
    side: str
    table: str
    """Path of the table of its problems, for machines."""


@dataclass(frozen=True)
class MatrixCell:
    """What a run made of a problem."""

    level: str
    """As in a run's grid."""
    passed: str
    """Samples that passed."""


@dataclass(frozen=True)
class MatrixRow:
    """A problem."""

    task_id: str
    path: str
    share: str
    """Of passes over all runs, in percent."""
    share_value: float | None
    marks: tuple[str, ...]
    words: str
    """What the filter looks through."""
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class ProblemsView:
    """The context of ``pages/problems.html``."""

    dataset: str
    told: str
    """How many problems are remarkable, and in which way."""
    sets: tuple[Crumb, ...]
    """All data sets; none where there is one."""
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    before: Crumb | None
    after: Crumb | None
    further: tuple[str, ...]
    """Paths of the other windows, where there are any."""
    kinds: tuple[str, ...]
    """In what problems are remarkable."""
    others: Markup
    """The runs that are no columns, as JSON: name -> path of the table of its problems."""
    note: str
    """How many these are; empty for none."""


def problems_pages(judgement: Judgement) -> Iterator[Page]:
    """Make the matrix of each data set, the one with the most runs at ``problems/``, in windows."""
    groups = judgement.evidence.groups
    paths = [PROBLEMS if not place else matrix_path(group.anchor) for place, group in enumerate(groups)]
    sets = tuple(Crumb(group.label, path) for group, path in zip(groups, paths, strict=True))
    for group, path in zip(groups, paths, strict=True):
        yield from _windows(group, path, sets if len(sets) > 1 else (), judgement)


def _windows(group: DatasetGroup, path: str, sets: tuple[Crumb, ...], judgement: Judgement) -> Iterator[Page]:
    found = judgement.difficulties(group)
    columns = _columns(group.entries, judgement)
    functions = {problem.task_id: problem.entry_point for problem in group.problems}
    shown = {run.id for run in columns}
    urls, left = judgement.evidence.urls, len(group.entries) - len(columns)
    others = to_plain_json(
        {group.names[run.id]: urls.problems_table(run.id) for run in group.entries if run.id not in shown}
    )
    order = sorted(group.task_ids, key=lambda task: _hardness(found[task]))  # of equals in their order
    tallies = [{tally.problem: tally for tally in run.summary.tallies} for run in columns]
    starts = range(0, max(1, len(order)), MOST_ROWS)
    places = [path, *(matrix_path(group.anchor, number) for number in range(2, len(starts) + 1))]
    for number, start in enumerate(starts):
        title = "Problems" if len(starts) == 1 else f"Problems, {number + 1} of {len(starts)}"
        view = ProblemsView(
            dataset=group.label,
            told=_told(found),
            sets=sets,
            columns=tuple(_column(run, group, judgement) for run in columns),
            rows=tuple(
                _row((task, functions[task]), found[task], tallies, judgement)
                for task in order[start : start + MOST_ROWS]
            ),
            before=Crumb("Harder ones", places[number - 1]) if number else None,
            after=Crumb("Easier ones", places[number + 1]) if number + 1 < len(starts) else None,
            further=tuple(place for place in places if place != places[number]),
            kinds=tuple(dict.fromkeys(mark for one in found.values() for mark in one.marks)),
            others=others,
            note=count(left, "run") if left else "",
        )
        frame = Frame(
            path=places[number],
            title=f"{title} of {group.label}",
            description=f"{count(len(order), 'problem')} by {count(len(group.entries), 'run')}. {view.told}",
            crumbs=(Crumb("Problems", PROBLEMS), Crumb(group.label, places[number])),
            private=True,
            script="problems",
        )
        yield Page("pages/problems.html", frame, view)


def _hardness(one: Difficulty) -> tuple[bool, float]:
    return one.share is None, one.share or 0.0


def _told(found: dict[str, Difficulty]) -> str:
    often = Counter(mark for one in found.values() for mark in one.marks)
    told = [f"{often[mark]} {mark}" for mark in (SOLVED_BY_NONE, BROKEN_IN_TERNARY, SUSPECT) if often[mark]]
    return f"{'; '.join(told)}." if told else ""


def _columns(entries: Sequence[LoadedRun], judgement: Judgement) -> list[LoadedRun]:
    return sorted(entries, key=lambda run: SIDES[judgement.side(run)])[:MOST_RUNS]


def _column(run: LoadedRun, group: DatasetGroup, judgement: Judgement) -> Column:
    urls = judgement.evidence.urls
    return Column(group.names[run.id], urls.run(run.id), judgement.side(run), urls.problems_table(run.id))


def _row(
    asked: tuple[str, str], found: Difficulty, tallies: Sequence[Mapping[str, Tally]], judgement: Judgement
) -> MatrixRow:
    """``asked``: the problem, and the function that it asks for."""
    task = asked[0]
    return MatrixRow(
        task_id=task,
        path=judgement.evidence.urls.problem(task),
        share=cells.DASH if found.share is None else cells.percent(found.share, 0),
        share_value=found.share,
        marks=found.marks,
        words=" ".join(asked).lower(),
        cells=tuple(_cell(own.get(task)) for own in tallies),
    )


def _cell(tally: Tally | None) -> MatrixCell:
    if tally is None or not tally.n:
        return MatrixCell("x", cells.DASH)
    return MatrixCell(level_of(tally), str(tally.c))
