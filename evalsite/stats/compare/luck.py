"""How much of what changed between two runs is luck in the answers alone.

Two runs of one model do not pass the same samples. How many problems change sides between them follows from
the problems' rates of passes, which nobody knows but whose distribution the baseline's own samples tell:
its most likely form, on a grid (nonparametric maximum likelihood, Kiefer & Wolfowitz 1956; Laird 1978), found
by expectation maximization. A single problem is told from luck by Fisher's exact test (1935).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evalsite.counts.passk import Counts, Values

SIGNIFICANT = 0.05
"""p-value below which a problem's change is told from luck."""
GRID = np.clip(np.sin(np.linspace(0.0, math.pi / 2, 101)) ** 2, 1e-9, 1 - 1e-9)
"""Rates of passes, closer together near 0 and 1, where most problems lie."""
ROUNDS = 300
"""Of expectation maximization; more of them change nothing that shows."""
TAIL = 0.01
"""Beyond either end of the range of flips: less than half of 5 %, since the rates are estimated."""


@dataclass(frozen=True, slots=True)
class Luck:
    """The flips to expect if the candidate were the baseline, asked again for as many samples."""

    broken: float
    broken_range: tuple[int, int]
    fixed: float
    fixed_range: tuple[int, int]


def luck_alone(base: tuple[Counts, Counts], cand_n: Counts) -> Luck | None:
    """Return the flips to expect from luck, given the baseline's samples ``(n, c)``.

    All of shape (n_problems,). None where a problem of the baseline has fewer than two samples, which tell
    nothing of luck.
    """
    n, c = base
    if not n.size or n.min() < 2:
        return None
    posterior = rates_given(n, c)
    sizes, size_of = np.unique(cand_n, return_inverse=True)
    solving = np.stack([_binomial(int(size))[(size + 1) // 2 :].sum(axis=0) for size in sizes])
    solves = np.clip(posterior @ solving.T, 0.0, 1.0)[np.arange(n.size), size_of]
    solved = 2 * c >= n
    broken, fixed = (1 - solves)[solved], solves[~solved]
    return Luck(float(broken.sum()), _range(broken), float(fixed.sum()), _range(fixed))


def rates_given(n: Counts, c: Counts) -> Values:
    """Probabilities of the grid's rates for each problem, given samples and passes; (n_problems, n_rates)."""
    kinds, kind_of, weights = np.unique(np.stack([n, c]), axis=1, return_inverse=True, return_counts=True)
    likelihood = np.stack([_binomial(int(size))[int(passes)] for size, passes in kinds.T])
    found: Values = _mixed(likelihood, weights)[kind_of.ravel()]
    return found


@lru_cache(maxsize=65_536)
def unlike(base_n: int, base_c: int, cand_n: int, cand_c: int) -> float:
    """Two-sided p-value of "both runs pass this problem at one rate" (Fisher 1935), from n and c of each."""
    passes, total = base_c + cand_c, base_n + cand_n
    least, most = max(0, passes - cand_n), min(passes, base_n)
    logs = [
        _log_choices(base_n, here) + _log_choices(cand_n, passes - here) - _log_choices(total, passes)
        for here in range(least, most + 1)
    ]
    observed = logs[base_c - least] + 1e-7  # what is as likely counts, whatever its last digits
    return min(1.0, math.fsum(math.exp(log) for log in logs if log <= observed))


def can_tell(base_n: int, cand_n: int) -> bool:
    """Whether as many samples can tell any change of a problem from luck."""
    return unlike(base_n, base_n, cand_n, 0) < SIGNIFICANT


def _mixed(likelihood: Values, weights: Counts) -> Values:
    """Probabilities of the grid's rates given each row's data; both of shape (n_rows, n_rates).

    ``likelihood`` of each row at each rate, ``weights``: how many problems each row stands for.
    """
    mixture = np.full(GRID.size, 1 / GRID.size)
    share = weights / weights.sum()
    likelihood = likelihood / likelihood.max(axis=1, keepdims=True)
    for _ in range(ROUNDS):
        mixture = mixture * ((share / (likelihood @ mixture)) @ likelihood)
    joint = likelihood * mixture
    posterior: Values = joint / joint.sum(axis=1, keepdims=True)
    return posterior


@lru_cache(maxsize=64)
def _binomial(n: int) -> Values:
    """Chance of each number of passes at each rate of the grid, shape (n + 1, n_rates)."""
    passes = np.arange(n + 1)[:, np.newaxis]
    choices = np.array([_log_choices(n, k) for k in range(n + 1)])[:, np.newaxis]
    chances: Values = np.exp(choices + passes * np.log(GRID) + (n - passes) * np.log1p(-GRID))
    return chances


def _range(chances: Sequence[float] | Values) -> tuple[int, int]:
    """How many of independent events happen, from the ``TAIL`` quantile to the opposite one."""
    number = np.ones(1)
    for chance in chances:
        number = np.convolve(number, [1 - chance, chance])
    below = np.cumsum(number)
    last = number.size - 1
    low, high = (int(np.searchsorted(below, share)) for share in (TAIL, 1 - TAIL))
    return min(low, last), min(high, last)


def _log_choices(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
