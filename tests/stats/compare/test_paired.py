"""Paired differences and their interval."""

import functools

import numpy as np
import pytest

from evalsite.stats.compare.paired import BONETT_PRICE, CLUSTER, paired_interval


def test_bonett_price_on_a_greedy_comparison() -> None:
    """The published formula, worked by hand: p12 = 13/166, p21 = 5/166."""
    differences = np.array([-1.0] * 12 + [1.0] * 4 + [0.0] * 148)
    interval = paired_interval(differences)
    broken, fixed = 13 / 166, 5 / 166
    half = 1.959964 * np.sqrt((broken + fixed - (broken - fixed) ** 2) / 166)
    assert (interval.low, interval.high) == pytest.approx(
        (fixed - broken - half, fixed - broken + half), abs=1e-6
    )
    assert interval.method == BONETT_PRICE


def test_no_change_at_all_still_has_a_width() -> None:
    """164 greedy problems without a flip leave room for more than a point either way, not for none."""
    interval = paired_interval(np.zeros(164))
    assert 0.015 < interval.high < 0.025
    assert interval.low == -interval.high


def test_more_samples_without_change_narrow_it() -> None:
    """The same with ten samples each is better evidence."""
    ten = paired_interval(np.zeros(164), least=0.1)
    assert ten.high < paired_interval(np.zeros(164)).high
    assert ten.method == CLUSTER


@pytest.mark.parametrize("size", [1, 2, 5])
def test_few_problems_that_all_agree(size: int) -> None:
    """The observed mean stays inside, and the ends inside [-1, 1]."""
    interval = paired_interval(np.full(size, -1.0))
    assert interval.low == -1.0
    assert interval.high > -1.0


def test_the_observed_mean_is_inside_even_at_low_confidence() -> None:
    """Shrinking towards zero never leaves the figure outside of its own interval."""
    for sign in (-1.0, 1.0):
        assert sign in paired_interval(np.full(20, sign), confidence=0.5)


@pytest.mark.parametrize(
    ("broken", "fixed"), [(0.02, 0.0), (0.05, 0.05), (0.10, 0.0), (0.12, 0.02), (0.25, 0.15)]
)
def test_greedy_coverage_and_false_met_rate(broken: float, fixed: float) -> None:
    """At the margin the lower limit lies above it in at most 5 % of runs; both limits cover 93 % or more."""
    rng = np.random.default_rng(int(1e4 * broken + fixed))
    draws = rng.multinomial(164, [broken, 1 - broken - fixed, fixed], size=2000)
    interval_of = functools.cache(lambda *counts: paired_interval(np.repeat([-1.0, 0.0, 1.0], counts)))
    intervals = [interval_of(*counts) for counts in draws.tolist()]
    truth = fixed - broken
    assert np.mean([truth in interval for interval in intervals]) >= 0.93
    assert np.mean([interval.low > truth for interval in intervals]) <= 0.05
