"""Looking more than once: what each look may spend of the error that a verdict is allowed.

Who looks again until a verdict comes gives chance more tries. So each look gets a part of the error that a
single one may make, in an order that is fixed beforehand. How much is spent by when is the spending function
of Lan & DeMets (1983, Biometrika 70) of O'Brien and Fleming's type: next to nothing early, nearly all of it
at the end, so that who asks all has hardly lost anything by having looked before. What a look may spend
becomes a boundary by integrating over all that earlier looks could have seen without a decision (Armitage,
McPherson & Rowe 1969, Journal of the Royal Statistical Society A 132).

A look's interval is the ordinary one at the confidence of its boundary. Such repeated confidence intervals
(Jennison & Turnbull 1989, Journal of the Royal Statistical Society B 51) hold the truth at all looks together
as often as one interval at the stated confidence: so words, interval and exit code of a look agree as they do
of an ordinary comparison, and whoever asks on after a decision, or does not stop where nothing is to be
hoped for, breaks no promise.

Who would rather save requests than decide all that could be decided spends by a power of the information
(Kim & DeMets 1987, Biometrika 74), which lets early looks have more of the error, and gives up sooner.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evalsite.rundir.looks import Spending
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.quantiles import normal_quantile, normal_tail

Floats = npt.NDArray[np.float64]

NODES = 401
"""Points of each integral, by Simpson's rule."""
REACH = 9.0
"""Standard deviations that it goes down to."""


LATE: Spending = "obrien-fleming"
EARLY: Spending = "power-1.5"
SPENT: Mapping[Spending, Callable[[float, float], float]] = {
    LATE: lambda fraction, error: 2 * normal_tail(normal_quantile(1 - error / 2) / math.sqrt(fraction)),
    EARLY: lambda fraction, error: error * fraction**1.5,
}
"""What may be spent until so much of all information is there, in (0, 1]; the error in the end."""

HOPELESS = 0.1
"""Chance of a verdict at the end below which the rest is not asked. Asking it in spite breaks no promise."""
SHARED = 1.25
"""The same of who is thrifty, for all looks together: the fewer there are, the sooner each gives up."""


@dataclass(frozen=True)
class LookRule:
    """What looks may spend by when, and when they give up."""

    spending: Spending = LATE
    give_up: float = HOPELESS

    @classmethod
    def of(cls, looks: int, *, thrifty: bool) -> "LookRule":
        """That of at most so many looks: the one that loses no power, or the one that saves requests."""
        return cls(EARLY, min(0.5, max(HOPELESS, SHARED / looks))) if thrifty else cls()


def spent(fraction: float, error: float, spending: Spending = LATE) -> float:
    """What may be spent until so much of all information is there; both in (0, 1]. ``error`` in the end."""
    return SPENT[spending](fraction, error)


def confidence_at(
    fractions: Sequence[float], confidence: float = CONFIDENCE, spending: Spending = LATE
) -> float:
    """Return the confidence of the interval at the last of so many looks.

    ``fractions``: what share of all information was there at each, ascending, in (0, 1].
    """
    return 1 - 2 * levels(tuple(fractions), (1 - confidence) / 2, spending)[-1]


def stops(
    total: int, looks: int, margin: float, confidence: float = CONFIDENCE, spending: Spending = LATE
) -> tuple[int, ...]:
    """Return at how many problems to look, ascending: at most so many looks, the last one at ``total``.

    The first is where a candidate that changed nothing could be met, or at an equal share if that is later,
    and the others follow at equal distances. Of few problems there may be a single one.
    """
    error = (1 - confidence) / 2
    able = (one for one in range(1, total) if (1 - margin) ** one <= spent(one / total, error, spending))
    first = max(next(able, total), -(-total // looks))
    apart = (total - first) / max(looks - 1, 1)
    return tuple(sorted({total, *(round(first + apart * number) for number in range(looks - 1))}))


def chance_of_decision(z: float, fraction: float, confidence: float = CONFIDENCE) -> float:
    """Return how likely a verdict is once all is there, as far as the data tell now.

    ``z``: how many standard errors what was seen lies from the margin, after so much of all information. The
    truth is taken to lie around what was seen (predictive power; Spiegelhalter, Freedman & Blackburn 1986,
    Controlled Clinical Trials 7).
    """
    if fraction >= 1.0:
        return 0.0
    bound, apart = normal_quantile(0.5 + confidence / 2), math.sqrt((1 - fraction) / fraction)
    drift = z / math.sqrt(fraction)
    return normal_tail((bound - drift) / apart) + normal_tail((bound + drift) / apart)


@lru_cache(maxsize=256)
def levels(fractions: tuple[float, ...], error: float, spending: Spending = LATE) -> tuple[float, ...]:
    """One-sided level of each look, so that all of them together err in ``error`` of cases.

    Of a process with independent normal increments, which estimates from growing data are to a good
    approximation; ``bench/coverage.py`` measures the verdicts that come of it. Raises ValueError unless
    ``fractions`` ascend within (0, 1].
    """
    if (
        not fractions
        or fractions[0] <= 0.0
        or fractions[-1] > 1.0
        or list(fractions) != sorted(set(fractions))
    ):
        raise ValueError(f"looks at {fractions} are not in an ascending order within (0, 1]")
    found: list[float] = []
    places, weights = np.zeros(1), np.ones(1)
    before, gone = 0.0, 0.0
    for fraction in fractions:
        budget = spent(fraction, error, spending)
        step = math.sqrt(fraction - before)
        bound = _bound(places, weights, step, budget - gone)
        found.append(normal_tail(bound / math.sqrt(fraction)))
        grid = np.linspace(-REACH * math.sqrt(fraction), bound, NODES)
        density = np.exp(-0.5 * ((grid[:, np.newaxis] - places) / step) ** 2) @ weights
        places, weights = grid, density / (step * math.sqrt(2 * math.pi)) * _simpson(grid)
        before, gone = fraction, budget
    return tuple(found)


def _bound(places: Floats, weights: Floats, step: float, share: float) -> float:
    """Where the process may end so that it lies beyond with the chance ``share``, by bisection."""
    low, high = -REACH, 4 * REACH
    while (middle := (low + high) / 2) not in (low, high):
        beyond = math.fsum(w * normal_tail((middle - x) / step) for x, w in zip(places, weights, strict=True))
        low, high = (middle, high) if beyond > share else (low, middle)
    return high


def _simpson(grid: Floats) -> Floats:
    factors = np.ones(grid.size)
    factors[1:-1:2], factors[2:-1:2] = 4.0, 2.0
    found: Floats = factors * ((grid[1] - grid[0]) / 3)
    return found
