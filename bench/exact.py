"""How often a loss at the margin is met, computed: of problems that break or are fixed outright."""

import math
from functools import cache

import numpy as np
from worlds import TAIL

from evalsite.stats.compare.paired import wald_limits
from evalsite.stats.unseen import chance_below


@cache
def exact_false_met(size: int, margin: float, fixed: float, n: int) -> float:
    """Chance of met where problems are broken with chance ``fixed + margin`` and fixed with chance ``fixed``.

    Summed over all numbers of broken and fixed problems that have any weight.
    """
    total, most, broken = 0.0, 0, (fixed + margin) / (1 - fixed)
    for gained in range(size + 1):
        weight = binomial(size, gained, fixed)
        if weight < 1e-9:
            continue
        # One more problem fixed allows for about one more broken: look around the number before.
        most = min(most, size - gained)
        while most >= 0 and not is_met(size, most, gained, margin, n):
            most -= 1
        while most < size - gained and is_met(size, most + 1, gained, margin, n):
            most += 1
        total += weight * math.fsum(binomial(size - gained, lost, broken) for lost in range(most + 1))
    return total


@cache
def is_met(size: int, lost: int, gained: int, margin: float, n: int) -> bool:
    """The verdict on so many problems broken and fixed outright."""
    differences = np.repeat([-1.0, 1.0, 0.0], [lost, gained, size - lost - gained])
    if wald_limits(differences, least=1 / n)[0] <= -margin:
        return False
    return chance_below(differences, -1.0, -margin) <= TAIL


def binomial(size: int, count: int, chance: float) -> float:
    """Chance of so many hits."""
    if chance in (0.0, 1.0):
        return float(count == size * chance)
    logs = math.lgamma(size + 1) - math.lgamma(count + 1) - math.lgamma(size - count + 1)
    return math.exp(logs + count * math.log(chance) + (size - count) * math.log1p(-chance))
