"""Interval and test of one paired difference, made so that they never contradict each other.

The interval is the set of differences that a test at its confidence does not reject, but for one value: that
there is no difference at all can be tested better, by swapping signs. So at zero that test has a say, too.
"""

import math
from dataclasses import replace

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.paired import interval_p_value, paired_interval
from evalsite.stats.compare.signflip import MCNEMAR, Test, paired_test
from evalsite.stats.intervals import Interval

OWN = "the interval's own test"


def interval_and_test(
    base: tuple[Counts, Counts], candidate: tuple[Counts, Counts], change: Values, k: int, confidence: float
) -> tuple[Interval, Test]:
    """Return the interval of the mean change of pass@k, and the test of "no difference" that agrees with it.

    Each run as ``(n, c)``; ``change``: candidate's pass@k minus the baseline's; all of shape (n_problems,).
    The interval holds zero exactly where the p-value is at least 1 - confidence.
    """
    fewest = int(min(base[0].min(), candidate[0].min()))
    luck = float(np.mean(luck_at_k(*base, k) + luck_at_k(*candidate, k)))
    least = min(1.0, k / fewest)
    interval = paired_interval(change, luck=luck, least=least, confidence=confidence)
    own = Test(interval_p_value(change, luck=luck, least=least), OWN)
    test = _test(base, candidate, k, own)
    return _agreeing(interval, test.p_value >= 1 - confidence), test


def _test(base: tuple[Counts, Counts], candidate: tuple[Counts, Counts], k: int, own: Test) -> Test:
    """The test of no difference: by signs where they may be swapped, unless the interval's is the stricter.

    Swapped signs are exact if no problem changed; if some lost what others gained, differences of unlike
    size can be skew, and only the interval's test holds. Changes of one size cannot, so that McNemar's test
    stands alone.
    """
    if not np.array_equal(base[0], candidate[0]):
        return own
    swapped = paired_test(base, candidate, k)
    return swapped if swapped.method == MCNEMAR or swapped.p_value >= own.p_value else own


def _agreeing(interval: Interval, holds_zero: bool) -> Interval:
    """The interval with zero inside or outside, as the test has it."""
    if holds_zero:
        return replace(interval, low=min(interval.low, 0.0), high=max(interval.high, 0.0))
    # Only at a confidence far beyond 99.9 % can McNemar's test reject what the interval still holds.
    if interval.low <= 0.0 <= interval.high:
        if -interval.low > interval.high:
            return replace(interval, high=math.nextafter(0.0, -1.0))
        return replace(interval, low=math.nextafter(0.0, 1.0))
    return interval
