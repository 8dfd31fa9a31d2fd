"""How hard each problem of a data set is for the runs of a site, and what is remarkable about it."""

import math
from dataclasses import dataclass

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import ModelCard, Tally
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup

SOLVED_BY_NONE = "solved by none"
BROKEN_IN_TERNARY = "broken in every ternary run"
SUSPECT = "suspect: weaker models do better"
FEWEST = 5
"""Runs that it takes to call a problem suspect."""
_FAR = 1.96
"""Standard deviations of a correlation that is none: one problem in forty lies beyond by chance."""


@dataclass(frozen=True)
class Difficulty:
    """A problem over all runs that have samples of it."""

    share: float | None
    """Of passes, each run counting the same; None without samples."""
    marks: tuple[str, ...]


def difficulties(group: DatasetGroup, judgement: Judgement) -> dict[str, Difficulty]:
    """Tell of each problem how hard it is, and whether it is remarkable."""
    tallies = {run.id: {tally.problem: tally for tally in run.scored} for run in group.entries}
    ternary = [
        (tallies[run.id], tallies[base.id])
        for run in group.entries
        if is_ternary(run.run.model.card) and (base := judgement.baseline_of(run)) is not None
    ]
    return {
        task: _difficulty(task, [(run, tallies[run.id].get(task)) for run in group.entries], ternary)
        for task in group.task_ids
    }


def is_ternary(card: ModelCard) -> bool:
    """Whether weights have three values, by the quantization's name or else by their size."""
    name = card.quantization.lower()
    return any(word in name for word in ("tern", "tq1", "tq2")) or 0 < (card.bits_per_weight or 0) <= 1.7


def _difficulty(
    task: str,
    attempts: list[tuple[LoadedRun, Tally | None]],
    ternary: list[tuple[dict[str, Tally], dict[str, Tally]]],
) -> Difficulty:
    known = [(run, tally.c / tally.n) for run, tally in attempts if tally is not None and tally.n]
    if not known:
        return Difficulty(None, ())
    shares = [share for _, share in known]
    pairs = [(own[task], base[task]) for own, base in ternary if task in own and task in base]
    broken = [2 * own.c < own.n and 2 * base.c > base.n for own, base in pairs if own.n and base.n]
    found = {
        SOLVED_BY_NONE: max(shares) == 0.0,
        BROKEN_IN_TERNARY: bool(broken) and all(broken),
        SUSPECT: _falls([(_elsewhere(run, share), share) for run, share in known if run.asks_all]),
    }
    return Difficulty(sum(shares) / len(shares), tuple(mark for mark, holds in found.items() if holds))


def _elsewhere(run: LoadedRun, share: float) -> float:
    """What a run scores on all other problems."""
    problems = len(run.scored)
    return ((run.pass_at_1 or 0.0) * problems - share) / max(1, problems - 1)


def _falls(points: list[tuple[float, float]]) -> bool:
    """Whether shares of passes fall with the score elsewhere by more than chance would have them."""
    scores, shares = np.array(points).reshape(-1, 2).T
    if len(points) < FEWEST or not scores.std() or not shares.std():
        return False
    return bool(np.corrcoef(scores, shares)[0, 1] * math.sqrt(len(points) - 1) < -_FAR)
