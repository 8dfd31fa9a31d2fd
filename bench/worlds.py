"""Worlds whose truth is known, for the simulations beside this file: problems, pairs of models, and verdicts.

Run by itself it does nothing. All arrays of runs have the shape (runs, n_problems).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from promises import slack

from evalsite.counts.passk import luck_at_k, pass_at_k
from evalsite.stats.compare.paired import wald_limits
from evalsite.stats.intervals import score_limits
from evalsite.stats.unseen import chance_below, without_luck

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shape = tuple[int, int]

CONFIDENCE = 0.95
ENOUGH = 1000
"""Simulated runs from which on a limit is taken to the letter."""
TAIL = 1 - CONFIDENCE
"""What a limit that leaves room for unseen problems may miss; see :mod:`evalsite.stats.unseen`."""


@dataclass(frozen=True)
class Problems:
    """A population of problems: how the rates at which a model passes them are spread."""

    draw: Callable[[np.random.Generator, Shape], Floats]
    mean: float
    square: float
    """Mean of the squared rates."""


def beta(mean: float, concentration: float) -> Problems:
    """Beta-distributed rates: a wide hump at a concentration of 3, mostly easy or hard problems at 0.4."""
    passes, fails = mean * concentration, (1 - mean) * concentration
    square = mean * (passes + 1) / (concentration + 1)
    return Problems(lambda generator, shape: generator.beta(passes, fails, shape), mean, square)


def two(share: float, high: float, low: float) -> Problems:
    """Problems of two kinds, the first with this share."""

    def draw(generator: np.random.Generator, shape: Shape) -> Floats:
        rates: Floats = np.where(generator.random(shape) < share, high, low)
        return rates

    mean, square = (share * high**power + (1 - share) * low**power for power in (1, 2))
    return Problems(draw, mean, square)


def alike(rate: float) -> Problems:
    """All problems have the same rate."""
    return two(1.0, rate, rate)


POPULATIONS: Mapping[str, Problems] = {
    "spread": beta(0.7, 3.0),
    "split": beta(0.7, 0.4),
    "bimodal": two(0.75, 0.97, 0.03),
    "easy": two(0.95, 0.99, 0.4),
    "deterministic": two(0.7, 1.0, 0.0),
}

LOSSES: Mapping[str, float] = {"whole": 0.0, "even": 1.0, "mixed": 0.5}
"""How a loss falls on problems: what part of it lowers every rate alike; the rest takes problems outright."""


def moved(generator: np.random.Generator, problems: Problems, how: str, loss: float, rates: Floats) -> Floats:
    """The rates of a candidate that truly loses ``loss`` of pass@1 against a baseline with ``rates``."""
    share = loss / problems.mean
    even = LOSSES[how] * share
    outright = 1 - (1 - share) / (1 - even)
    lowered = rates * (1 - even)
    return np.where(generator.random(rates.shape) < outright, 0.0, lowered) if outright else lowered


def luck(n: int, counts: Ints, k: int = 1) -> Floats:
    """Luck in pass@k of each run, averaged over its problems; shape (runs,)."""
    means: Floats = luck_at_k(np.full(n + 1, n), np.arange(n + 1), k)[counts].mean(axis=1)
    return means


@dataclass(frozen=True)
class Pairs:
    """Simulated pairs of runs, ready to be judged."""

    base: Ints
    candidate: Ints
    base_n: int
    candidate_n: int

    @property
    def differences(self) -> Floats:
        """Candidate's pass@1 minus the baseline's, of each problem."""
        changes: Floats = self.candidate / self.candidate_n - self.base / self.base_n
        return changes

    def sides(self, at: float, unseen: bool = True, level: float | None = None) -> tuple[Flags, Flags]:
        """Which intervals lie wholly above ``at``, and which wholly below: met and missed, at a margin.

        With ``unseen=False`` as they would be without room for unseen problems; with a one-sided ``level``
        those of one look of several.
        """
        differences = self.differences
        confidence = CONFIDENCE if level is None else 1 - 2 * level
        least = 1 / min(self.base_n, self.candidate_n)
        low, high = wald_limits(differences, least=least, confidence=confidence)
        above, below = low > at, high < at
        if unseen:
            lucks = luck(self.base_n, self.base) + luck(self.candidate_n, self.candidate)
            lucks, tail = (lucks, TAIL) if level is None else (0 * lucks, level)
            _hold(above, differences, lucks, (-1.0, at), tail)
            _hold(below, -differences, lucks, (-1.0, -at), tail)
        return above, below


def single_sides(n: int, counts: Ints, k: int, at: float) -> tuple[Flags, Flags]:
    """Which intervals of pass@k of one run lie wholly above ``at``, and which wholly below."""
    values = pass_at_k(np.full(n + 1, n), np.arange(n + 1), k)[counts]
    low, high = score_limits(values, n * counts.shape[1])
    above, below = low > at, high < at
    mixed = ~np.all((values == 0.0) | (values == 1.0), axis=1)
    lucks = luck(n, counts, k)
    _hold(above, values, lucks, (0.0, at), TAIL, mixed)
    _hold(below, -values, lucks, (-1.0, -at), TAIL, mixed)
    return above, below


def _hold(
    found: Flags,
    values: Floats,
    lucks: Floats,
    ends: tuple[float, float],
    tail: float,
    which: Flags | None = None,
) -> None:
    """Take back, in place, what does not leave room for unseen problems; ``ends``: the worst, and where."""
    for row in np.flatnonzero(found if which is None else found & which):
        found[row] = chance_below(without_luck(values[row], float(lucks[row])), *ends) <= tail


def pairs_of(problems: Problems, how: str, loss: float, n: tuple[int, int], size: int, runs: int) -> Pairs:
    """Pairs of runs of which the candidate truly loses so much; always the same for the same arguments."""
    about = (size, *n, round(1e4 * loss), round(1e4 * problems.square))
    generator = np.random.default_rng([*about, *how.encode()])
    rates = problems.draw(generator, (runs, size))
    lost = moved(generator, problems, how, loss, rates)
    return Pairs(generator.binomial(n[0], rates), generator.binomial(n[1], lost), *n)


def pass_at_k_of(mean: float, concentration: float, k: int) -> float:
    """True pass@k of beta-distributed problems: the average of 1 - (1 - rate)^k."""
    fails, passes = (1 - mean) * concentration, mean * concentration
    log = math.lgamma(fails + k) + math.lgamma(fails + passes)
    return 1 - math.exp(log - math.lgamma(fails) - math.lgamma(fails + passes + k))


def mean_for(target: float, concentration: float, k: int) -> float:
    """The mean rate that gives beta-distributed problems the stated pass@k, by bisection."""
    low, high = 1e-9, 1 - 1e-9
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if pass_at_k_of(middle, concentration, k) < target else (low, middle)
    return (low + high) / 2


def too_often(share: float, limit: float, runs: int) -> bool:
    """Whether a share of simulated runs exceeds its limit; of few runs, by more than chance explains."""
    return share > limit + (0.0 if runs >= ENOUGH else slack(limit, runs))
