"""Interval and test of one paired difference, made so that they never contradict each other.

The interval is the set of differences that a test at its confidence does not reject, but for one value: that
there is no difference at all can be tested better, by swapping signs. So at zero that test has a say, too.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.clusters import Layout, changes_by_cluster
from evalsite.stats.compare.paired import Changes, interval_of, interval_p_value, p_value_at_most
from evalsite.stats.compare.signflip import MCNEMAR, Test, paired_test
from evalsite.stats.intervals import CONFIDENCE, Interval

OWN = "the interval's own test"


def interval_and_test(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    change: Values,
    k: int,
    confidence: float,
    layout: Layout | None = None,
) -> tuple[Interval, Test]:
    """Return the interval of the mean change of pass@k, and the test of "no difference" that agrees with it.

    Each run as ``(n, c)``; ``change``: candidate's pass@k minus the baseline's; all of shape (n_problems,).
    ``layout``: how the problems lie in clusters; None where each is its own.
    """
    groups = None if layout is None else layout.cluster_of
    swapped = paired_test(base, candidate, k, groups) if np.array_equal(base[0], candidate[0]) else None
    return agreeing(changes_of(base, candidate, change, k, layout).at(confidence), swapped, confidence)


def agreeing(changes: Changes, swapped: Test | None, confidence: float) -> tuple[Interval, Test]:
    """Return the interval of what changed, and the test of "no difference" that agrees with it.

    The interval holds zero exactly where the p-value is at least 1 - confidence. ``swapped``: the test by
    swapped signs, where these may be swapped.
    """
    test = stricter(changes, swapped)
    return _widened(interval_of(changes, confidence), test.p_value >= 1 - confidence), test


def stricter(changes: Changes, swapped: Test | None) -> Test:
    """Return the test by swapped signs, unless the interval's own is the stricter; arguments as above.

    The first is exact if no problem changed, but if some lost what others gained, differences of unlike size
    can be skew, and only the interval's test holds. Changes of one size cannot, so that McNemar's test stands
    alone.
    """
    if swapped is not None and swapped.method == MCNEMAR:
        return swapped
    own = Test(interval_p_value(changes), OWN)
    return swapped if swapped is not None and swapped.p_value >= own.p_value else own


def changes_of(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    change: Values,
    k: int,
    layout: Layout | None = None,
) -> Changes:
    """What changed in one data set; arguments as for :func:`interval_and_test`."""
    if layout is not None:
        lucks = luck_at_k(*base, k) + luck_at_k(*candidate, k)
        fewer = np.maximum(np.minimum(base[0], candidate[0]) / k, 1.0)
        return changes_by_cluster(change, lucks, fewer, layout)
    fewest = int(min(base[0].min(), candidate[0].min()))
    luck = float(np.mean(luck_at_k(*base, k) + luck_at_k(*candidate, k)))
    return Changes.of(change, luck, min(1.0, k / fewest))


@dataclass(frozen=True, slots=True)
class Excess:
    """Confidence that more was lost than is allowed, in [0, 1]: from ``least`` to ``most``.

    The value at the margin of the confidence distribution that the interval is made of (Schweder & Hjort
    2002; Xie & Singh 2013, doi 10.1111/insr.12000): ``most`` is the one-sided p-value of "at least the margin
    was lost", one minus ``least`` that of "at most". It is no probability of this one truth, which would need
    to know what was likely before. The two differ where a limit leaves room for problems not seen, and where
    the test of no difference is the stricter. ``bench/coverage.py`` measures how well both are calibrated.
    """

    least: float
    most: float

    def joined(self, other: "Excess") -> "Excess":
        """The span of both."""
        return Excess(min(self.least, other.least), max(self.most, other.most))


def confidence_in_excess(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    margin: float,
    p_value: float,
    confidence: float = CONFIDENCE,
    layout: Layout | None = None,
) -> Excess:
    """Return the confidence that pass@1 lost more than ``margin``, in [0, 1].

    ``p_value`` is that of :func:`interval_and_test`, ``confidence`` the interval's. ``most`` is below
    (1 - confidence) / 2 exactly where that lies inside the margin, and ``least`` above one minus that where
    outside.
    """
    change = candidate[1] / candidate[0] - base[1] / base[0]
    return excess_over(changes_of(base, candidate, change, 1, layout).at(confidence), margin, p_value)


def excess_over(changes: Changes, margin: float, p_value: float) -> Excess:
    """The same of what changed; ``p_value`` is that of :func:`agreeing`."""
    none, most = _of_a_loss(changes, p_value), at_most(changes, margin, p_value)
    if margin == 0.0:
        return Excess(none, none)
    outside = p_value_at_most(changes.turned, margin)
    return Excess(min(most, 1 - max(outside, 1 - none)), most)


def at_most(changes: Changes, margin: float, p_value: float) -> float:
    """:attr:`Excess.most` alone: the one-sided p-value of "at least the margin was lost"."""
    return p_value_at_most(changes, -margin) if margin else _of_a_loss(changes, p_value)


def _of_a_loss(changes: Changes, p_value: float) -> float:
    """The confidence that anything was lost, by the test of "no difference"."""
    return p_value / 2 if changes.values.mean() > 0.0 else 1 - p_value / 2


def _widened(interval: Interval, holds_zero: bool) -> Interval:
    """The interval with zero inside or outside, as the test has it."""
    if holds_zero:
        return replace(interval, low=min(interval.low, 0.0), high=max(interval.high, 0.0))
    # Only at a confidence far beyond 99.9 % can McNemar's test reject what the interval still holds.
    if 0.0 in interval:
        if -interval.low > interval.high:
            return replace(interval, high=math.nextafter(0.0, -math.inf))
        return replace(interval, low=math.nextafter(0.0, math.inf))
    return interval
