"""How hard each problem of a data set is for the runs of a site, and what is remarkable about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import ModelCard, Tally
from evalsite.site.evidence.runs import DatasetGroup, Evidence

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


@dataclass(slots=True)
class _Attempts:
    """What the runs that have samples of a problem made of it."""

    shares: list[float]
    """Of passes, of all these runs."""
    elsewhere: list[tuple[float, float]]
    """What a run scores on all other problems, and its share of this one, of the runs that ask all."""


def difficulties(group: DatasetGroup, evidence: Evidence) -> dict[str, Difficulty]:
    """Tell of each problem how hard it is, and whether it is remarkable."""
    attempts = {task: _Attempts([], []) for task in group.task_ids}
    for run in group.entries:
        _take(run, attempts)
    ternary = [
        (_by_problem(run), _by_problem(base))
        for run in group.entries
        if is_ternary(run.run.model.card) and (base := evidence.baseline_of(run)) is not None
    ]
    return {task: _difficulty(task, own, ternary) for task, own in attempts.items()}


def _take(run: LoadedRun, attempts: dict[str, _Attempts]) -> None:
    """Add a run's share of each problem; there are as many of them as all runs together have problems."""
    problems, asks_all = len(run.scored), run.asks_all
    solved, others = (run.pass_at_1 or 0.0) * problems, max(1, problems - 1)
    for tally in run.scored:
        if tally.n:
            own, share = attempts[tally.problem], tally.c / tally.n
            own.shares.append(share)
            if asks_all:
                own.elsewhere.append(((solved - share) / others, share))


def _by_problem(run: LoadedRun) -> dict[str, Tally]:
    return {tally.problem: tally for tally in run.scored}


def is_ternary(card: ModelCard) -> bool:
    """Whether weights have three values, by the quantization's name or else by their size."""
    name = card.quantization.lower()
    return any(word in name for word in ("tern", "tq1", "tq2")) or 0 < (card.bits_per_weight or 0) <= 1.7


def _difficulty(
    task: str, attempts: _Attempts, ternary: Sequence[tuple[dict[str, Tally], dict[str, Tally]]]
) -> Difficulty:
    shares = attempts.shares
    if not shares:
        return Difficulty(None, ())
    pairs = [(own[task], base[task]) for own, base in ternary if task in own and task in base]
    broken = [2 * own.c < own.n and 2 * base.c > base.n for own, base in pairs if own.n and base.n]
    found = {
        SOLVED_BY_NONE: max(shares) == 0.0,
        BROKEN_IN_TERNARY: bool(broken) and all(broken),
        SUSPECT: _falls(attempts.elsewhere),
    }
    return Difficulty(sum(shares) / len(shares), tuple(mark for mark, holds in found.items() if holds))


def _falls(points: Sequence[tuple[float, float]]) -> bool:
    """Whether shares of passes fall with the score elsewhere by more than chance would have them."""
    scores, shares = np.array(points).reshape(-1, 2).T
    if len(points) < FEWEST or not scores.std() or not shares.std():
        return False
    return bool(np.corrcoef(scores, shares)[0, 1] * math.sqrt(len(points) - 1) < -_FAR)
