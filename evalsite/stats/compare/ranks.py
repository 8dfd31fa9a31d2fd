"""Ranks as intervals: "2 to 4" where the data cannot tell which of three is the best of them.

A run's rank begins behind all that are known to be better, and ends before all that are known to be worse (Al
Mohamad, Goeman & van Zwet 2022, Biometrics 78; Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic
Studies 91). What is known is what the pairwise tests of no difference say after Holm's correction over all
pairs, so that all of the intervals together hold the true ranks as often as one difference is rightly told.
"""

from collections.abc import Mapping, Sequence

from evalsite.stats.compare.signflip import holm
from evalsite.stats.intervals import CONFIDENCE

Told = tuple[float, float]
"""Of a pair: the second's score minus the first's, and the p-value of no difference."""


def rank_intervals(
    members: Sequence[str], pairs: Mapping[tuple[str, str], Told]
) -> dict[str, tuple[int, int]]:
    """Return each member's best and worst rank, 1 being the highest score.

    ``pairs``: of two members, by their names. A pair that was not compared, or of which nothing follows, is
    taken for one that cannot be told apart.
    """
    better, worse = dict.fromkeys(members, 0), dict.fromkeys(members, 0)
    for winner, loser in told_apart(members, pairs):
        worse[winner] += 1
        better[loser] += 1
    return {one: (1 + better[one], len(members) - worse[one]) for one in members}


def told_apart(members: Sequence[str], pairs: Mapping[tuple[str, str], Told]) -> set[tuple[str, str]]:
    """Return the better and the worse of each pair that the data tell apart, all pairs together."""
    here = set(members)
    known = [(pair, told) for pair, told in pairs.items() if here.issuperset(pair)]
    adjusted = holm([p_value for _, (_, p_value) in known])
    return {
        (second, first) if value > 0.0 else (first, second)
        for ((first, second), (value, _)), p_value in zip(known, adjusted, strict=True)
        if p_value < 1 - CONFIDENCE and value != 0.0
    }
