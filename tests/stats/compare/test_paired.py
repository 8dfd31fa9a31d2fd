"""Paired differences and their interval."""

import functools

import numpy as np
import pytest

from evalsite.stats.compare.paired import (
    BONETT_PRICE,
    CLUSTER,
    Changes,
    interval_p_value,
    p_value_at_most,
    paired_interval,
    wald_limits,
)


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


GREEDY = np.array([-1.0] * 9 + [1.0] * 4 + [0.0] * 87)
SAMPLED = np.linspace(-0.4, 0.3, 60)
CASES = [(GREEDY, 0.0, 1.0), (SAMPLED, 0.0, 0.1), (SAMPLED, 0.02, 0.1), (GREEDY / 2, 0.01, 0.5)]


@pytest.mark.parametrize("at", [-0.2, -0.16, -0.12])
@pytest.mark.parametrize(("differences", "luck", "least"), CASES)
def test_a_one_sided_p_value_is_where_the_limit_passes(
    differences: np.ndarray, luck: float, least: float, at: float
) -> None:
    """At the confidence that it belongs to, the lower limit lies at what was asked about."""
    p_value = p_value_at_most(Changes.of(differences, luck, least), at)
    assert 0.0 < p_value < 0.25
    lows = [
        paired_interval(differences, luck=luck, least=least, confidence=1 - 2 * p_value * times).low
        for times in (1.001, 0.999)
    ]
    assert lows[0] > at > lows[1]


def test_what_is_said_of_no_difference_goes_both_ways() -> None:
    """Two sides are twice one; the other sign says the same, and nothing seen nothing."""
    p_value = interval_p_value(Changes.of(GREEDY))
    assert p_value == 2 * p_value_at_most(Changes.of(-GREEDY), 0.0) == interval_p_value(Changes.of(-GREEDY))
    assert 0.15 < p_value < 0.25
    assert interval_p_value(Changes.of(np.array([1.0, -1.0]))) == 1.0
    assert p_value_at_most(Changes.of(np.array([0.5, -0.5])), 0.0) >= 0.5


def test_without_more_words_there_is_no_luck_and_a_draw_decides_alone() -> None:
    """The defaults, of all four."""
    gained = np.repeat([1.0, 0.0], 6)  # where the chance of what was not seen is what counts
    assert interval_p_value(Changes.of(gained)) > 1.5 * interval_p_value(Changes.of(gained, 1.0))
    for differences in (GREEDY, SAMPLED, GREEDY / 2, gained):
        assert paired_interval(differences) == paired_interval(differences, luck=0.0, least=1.0)
        assert wald_limits(differences) == wald_limits(differences, least=1.0)
        assert interval_p_value(Changes.of(differences)) == interval_p_value(
            Changes.of(differences, 0.0, 1.0)
        )
        both = [
            p_value_at_most(Changes.of(differences, **given), -0.05)
            for given in ({}, {"luck": 0.0, "least": 1.0})
        ]
        assert both[0] == both[1]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_no_limit_lies_beyond_what_there_is(size: int) -> None:
    """All won, or all lost: the limit is the observed mean, at most 1."""
    won = wald_limits(np.ones(size))
    lost = wald_limits(-np.ones(size))
    assert (won[1], lost[0]) == (1.0, -1.0)
    assert won[0] == -lost[1] < 1.0


def test_many_comparisons_at_once_have_the_limits_of_each() -> None:
    """As the benches ask."""
    together = wald_limits(np.stack([GREEDY, -GREEDY, GREEDY / 2]), least=0.5)
    alone = [wald_limits(one, least=0.5) for one in (GREEDY, -GREEDY, GREEDY / 2)]
    assert np.array(together).T.tolist() == [pytest.approx(one) for one in alone]


def test_limits_before_what_was_not_seen_are_the_published_ones() -> None:
    """Worked by hand: the normal quantile where every problem was plainly broken or fixed, else Student's."""
    fixed, broken = 5 / 102, 10 / 102
    half = 1.959964 * np.sqrt(broken + fixed - (fixed - broken) ** 2) / np.sqrt(102)
    assert wald_limits(GREEDY) == pytest.approx((fixed - broken - half, fixed - broken + half), abs=1e-6)
    every = np.append(SAMPLED, (0.4, -0.4))
    mean, half = every.mean(), 2.000995 * every.std() / np.sqrt(62)  # of 59 degrees of freedom
    assert wald_limits(SAMPLED, least=0.1) == pytest.approx((mean - half, mean + half), abs=1e-6)


def test_what_changed_holds_no_luck_that_nobody_told_of() -> None:
    """Of its parts themselves, too: luck would be taken out of what was not seen."""
    gained = np.repeat([1.0, 0.0], 6)
    told, untold = Changes(gained, 0.0, freedom=11, plain=True), Changes(gained, freedom=11, plain=True)
    assert interval_p_value(untold) == interval_p_value(told)
    assert interval_p_value(untold) > 1.5 * interval_p_value(Changes(gained, 1.0, freedom=11, plain=True))
