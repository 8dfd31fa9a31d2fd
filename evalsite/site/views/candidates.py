"""Every candidate by every target: a row each, with signs and figures; trials stand below a line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import ModelCard
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.views.marks import Badge, Mark, badges_of, cautions_of, decision_mark
from evalsite.site.views.symptoms import frequent
from evalsite.site.views.targets import figure_path, standings
from evalsite.stats.readiness import is_whole
from evalsite.stats.targets import Result, Standing
from evalsite.stats.targets.shown import Shown
from evalsite.words import cells
from evalsite.words.sentences import count

MOST_SHOWN = 24
"""Candidates on the front page, and as many trials; the page of targets has them all."""

Column = tuple[str, str]
"""A target's name and the data set, which is shown where the target has several."""


@dataclass(frozen=True)
class TargetCell:
    """A target for one candidate."""

    mark: Mark
    figure: str
    """What was measured; empty where nothing was."""
    sentence: str
    path: str
    """Of the evidence; empty where there is none."""


@dataclass(frozen=True)
class CandidateRow:
    """A candidate."""

    model: str
    path: str
    badges: tuple[Badge, ...]
    cautions: tuple[str, ...]
    """Why it decides nothing; none of one that does."""
    side: str
    family: str
    quantization: str
    symptoms: str
    """Those that are frequent in any of its runs, with ``|`` between."""
    words: str
    """What the front page's text filter looks through."""
    mark: Mark
    """Of all its targets together."""
    cells: tuple[TargetCell | None, ...]
    """In the order of the columns."""


@dataclass(frozen=True)
class Candidates:
    """All of them."""

    columns: tuple[Column, ...]
    rows: tuple[CandidateRow, ...]
    below: tuple[CandidateRow, ...]
    """Trials, and runs that are not whole."""
    note: str
    """How many more there are."""


def candidates_of(judgement: Judgement) -> Candidates | None:
    """Set all candidates beside one another; None where there is no second one."""
    told = [(model, standing.deciding) for model, standing in standings(judgement)]
    above = [each for each in told if not _waits(each[1])]
    trials: dict[str, list[Result]] = {}
    for result in judgement.standing.trials:
        trials.setdefault(result.model, []).append(result)
    below = [*(each for each in told if _waits(each[1])), *((one, tuple(own)) for one, own in trials.items())]
    if len(above) + len(below) < 2:
        return None
    columns = tuple(dict.fromkeys(_column(result) for _, own in (*above, *below) for result in own))
    known = {name for name, label in columns if label}
    columns = tuple((name, label) for name, label in columns if label or name not in known)
    often = Counter(name for name, _ in columns)
    found: dict[str, set[str]] = defaultdict(set)
    for run in judgement.evidence.entries:
        found[run.model] |= {*frequent(run)}
    left = max(0, len(above) - MOST_SHOWN) + max(0, len(below) - MOST_SHOWN)
    return Candidates(
        columns=tuple((name, label if often[name] > 1 else "") for name, label in columns),
        rows=tuple(_row(*each, columns, judgement, found[each[0]]) for each in above[:MOST_SHOWN]),
        below=tuple(_row(*each, columns, judgement, found[each[0]]) for each in below[:MOST_SHOWN]),
        note=f"{count(left, 'more model')} on the page of targets." if left else "",
    )


def _waits(results: Iterable[Result]) -> bool:
    """Whether nothing of a model is decided, since its runs are trials or have not ended."""
    known = [result for result in results if result.run is not None]
    return bool(known) and all(_is_open(result) for result in known)


def _is_open(result: Result) -> bool:
    return result.decision == "pending" and not all(is_whole(run.run) for run in result.runs)


def _column(result: Result) -> Column:
    return result.target.name, result.label if result.run is not None else ""


def _row(
    model: str,
    results: Sequence[Result],
    columns: Sequence[Column],
    judgement: Judgement,
    symptoms: Iterable[str],
) -> CandidateRow:
    runs = [run for result in results for run in result.runs]
    by_column = {_column(result): result for result in reversed(results)}
    for column in columns:  # what no run answers yet is pending on each data set
        if (column[0], "") in by_column:
            by_column.setdefault(column, by_column[column[0], ""])
    newest = max(runs, key=lambda run: (run.run.created_at, run.id), default=None)
    card = newest.run.model.card if newest else ModelCard()
    side = judgement.side(newest) if newest else ""
    return CandidateRow(
        model=model,
        path=judgement.evidence.urls.run(newest.id) if newest else "",
        badges=badges_of(card.quantization, side),
        cautions=_cautions(newest) if newest and _waits(results) else (),
        side=side,
        family=card.family,
        quantization=card.quantization,
        symptoms="|".join(sorted(symptoms)),
        words=f"{model} {card.family} {card.quantization} {card.parameters} {side}".lower(),
        mark=decision_mark(Standing(tuple(results)).decision),
        cells=tuple(
            _cell(by_column[column], judgement) if column in by_column else None for column in columns
        ),
    )


def _cautions(run: LoadedRun) -> tuple[str, ...]:
    return cautions_of(run.run) or ("incomplete",)


def _cell(result: Result, judgement: Judgement) -> TargetCell:
    shown = Shown.of(result)
    return TargetCell(
        mark=decision_mark(result.decision, sequential=result.is_sequential),
        figure=cells.DASH if result.actual is None else shown.actual,
        sentence=result.sentence,
        path=figure_path(result, judgement),
    )
