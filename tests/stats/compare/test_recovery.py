"""The share of the baseline's score that is kept."""

import math

import numpy as np
import pytest

from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.recovery import recovery
from evalsite.stats.intervals import Interval


def runs(base, candidate, n=1):
    full = np.full(len(base), n)
    return (full, np.array(base)), (full, np.array(candidate))


CASES = {
    "lost": runs([1] * 80 + [0] * 20, [0] * 12 + [1] * 70 + [0] * 18),
    "samples": runs([9] * 60 + [3] * 30, [8] * 60 + [2] * 30, 10),
    "unequal": (runs([9] * 60, [9] * 60, 10)[0], runs([1] * 60, [1] * 50 + [0] * 10)[1]),
    "won": runs([1] * 50 + [0] * 50, [1] * 70 + [0] * 30),
    "same": runs([1] * 50 + [0] * 50, [1] * 50 + [0] * 50),
}


@pytest.mark.parametrize("case", CASES)
def test_it_holds_all_of_it_exactly_where_the_difference_holds_none(case):
    """Points and shares never contradict each other."""
    base, candidate = CASES[case]
    main = compare(*base, *candidate).main
    found = recovery(base, candidate, change=main.interval)
    assert found.value == pytest.approx(main.candidate / main.base)
    assert found.value in found.interval
    assert (1.0 in found.interval) == (0.0 in main.interval)


def test_fiellers_limits_of_a_large_sample():
    """Far from the ends they are his own, worked by hand: the roots of a quadratic in the share."""
    rng = np.random.default_rng(1)
    rates = rng.beta(6, 2, 4000)
    full = np.full(4000, 5)
    base, candidate = rng.binomial(5, rates), rng.binomial(5, 0.9 * rates)
    found = recovery((full, base), (full, candidate))
    x, y = base / 5, candidate / 5
    spread = 1.959964**2 / 4000
    a = x.mean() ** 2 - spread * x.var()
    b = x.mean() * y.mean() - spread * np.cov(x, y, ddof=0)[0, 1]
    c = y.mean() ** 2 - spread * y.var()
    half = np.sqrt(b**2 - a * c) / a
    assert (found.interval.low, found.interval.high) == pytest.approx((b / a - half, b / a + half), abs=2e-4)


def test_nothing_is_kept_of_nothing_and_no_more_than_all_can_be_solved():
    """A baseline that solves one problem of 20 leaves all open."""
    assert recovery(*runs([0] * 9, [1] * 9)) is None
    found = recovery(*runs([1] + [0] * 19, [1] + [0] * 19))
    assert found.interval.low == 0.0
    assert 2.0 < found.interval.high <= 20.0


@pytest.mark.parametrize(("solved", "sign"), [(49, -1), (51, 1)])
def test_where_the_points_exclude_no_change_the_share_does_by_a_hair(solved, sign):
    """On the side where the figure lies; the other limit stays."""
    base, candidate = runs([1] * 50 + [0] * 50, [1] * solved + [0] * (100 - solved))
    alone = recovery(base, candidate).interval
    assert alone.low < 1.0 < alone.high
    change = Interval(*sorted((sign * 0.01, sign * 0.02)), 0.95, "any")
    found = recovery(base, candidate, change=change).interval
    kept = (alone.low, math.nextafter(1.0, 0.0)) if sign < 0 else (math.nextafter(1.0, 2.0), alone.high)
    assert (found.low, found.high) == kept
