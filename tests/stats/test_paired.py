"""Paired differences: interval, variance breakdown, power, and what it would take to know."""

import numpy as np
import pytest

from evalsite.stats.compare.paired import (
    BONETT_PRICE,
    CLUSTER,
    Needed,
    detectable,
    needed,
    noise,
    paired_interval,
    single_noise,
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
    draws = rng.choice([-1.0, 0.0, 1.0], size=(2000, 164), p=[broken, 1 - broken - fixed, fixed])
    intervals = [paired_interval(row) for row in draws]
    truth = fixed - broken
    assert np.mean([truth in interval for interval in intervals]) >= 0.93
    assert np.mean([interval.low > truth for interval in intervals]) <= 0.05


def test_noise_breakdown_finds_the_variances_it_was_given() -> None:
    """Simulated with known variance between problems and within, both come back."""
    rng = np.random.default_rng(12)
    size, n = 40_000, 5
    rates = rng.uniform(0.3, 0.7, size)
    moved = rates - rng.choice([0.0, 0.3], size=size)
    parts = noise((np.full(size, n), rng.binomial(n, rates)), (np.full(size, n), rng.binomial(n, moved)))
    assert parts.data == pytest.approx(0.15**2, rel=0.05)
    assert parts.base == pytest.approx(np.mean(rates * (1 - rates)), rel=0.02)
    assert parts.candidate == pytest.approx(np.mean(moved * (1 - moved)), rel=0.02)
    assert parts.prediction == pytest.approx((parts.base + parts.candidate) / n)
    assert parts.total == pytest.approx(parts.data + parts.prediction)
    assert parts.prediction_share == pytest.approx(parts.prediction / parts.total)


def test_noise_breakdown_of_a_single_run() -> None:
    """The same for one run: the variance of the rates, and that of single answers around them."""
    rng = np.random.default_rng(13)
    rates = rng.uniform(0.0, 1.0, 40_000)
    parts = single_noise(np.full(40_000, 4), rng.binomial(4, rates))
    assert parts.data == pytest.approx(1 / 12, rel=0.03)
    assert parts.base == pytest.approx(1 / 6, rel=0.03)
    assert parts.prediction == pytest.approx(1 / 24, rel=0.03)
    assert parts.candidate == 0.0


def test_one_sample_cannot_tell_the_noises_apart() -> None:
    """A single answer to one problem is enough to know nothing of the luck in answers."""
    parts = noise((np.array([1, 5]), np.array([1, 2])), (np.array([5, 5]), np.array([0, 2])))
    assert (parts.data, parts.base, parts.candidate, parts.prediction) == (None, None, None, None)
    assert parts.prediction_share is None
    assert single_noise(np.array([1, 5]), np.array([1, 2])).prediction is None


def test_deterministic_answers_have_no_prediction_noise() -> None:
    """Where all samples of every problem agree, the variance is all the data's."""
    n = np.full(6, 4)
    parts = noise((n, np.array([4, 4, 4, 0, 0, 4])), (n, np.array([4, 0, 4, 0, 4, 0])))
    assert parts.prediction == 0.0
    assert parts.data == parts.total > 0
    assert single_noise(n, np.array([4, 4, 4, 0, 0, 4])).prediction == 0.0


def test_detectable_difference_is_found_with_the_stated_power() -> None:
    """A true loss of the size named shows in about 80 % of simulated runs."""
    rng = np.random.default_rng(21)
    pilot = np.array([-1.0] * 16 + [0.0] * 132 + [1.0] * 16)
    size = detectable(pilot)
    found = 0
    for _ in range(1500):
        run = rng.choice([-1.0, 0.0, 1.0], size=164, p=[0.1 + size / 2, 0.8, 0.1 - size / 2])
        found += paired_interval(run).high < 0
    assert 0.74 <= found / 1500 <= 0.86


def test_needed_samples_bring_the_error_down_to_the_gap() -> None:
    """With the samples it names, the error is what the formula asks for; with one fewer it is not."""
    rng = np.random.default_rng(31)
    rates = rng.uniform(0.2, 0.8, 164)
    n = np.full(164, 3)
    parts = noise((n, rng.binomial(3, rates)), (n, rng.binomial(3, rates)))
    gap = 0.05
    more = needed(parts, 164, gap)
    assert parts.base is not None
    assert parts.candidate is not None
    assert parts.data is not None
    allowed = (gap / (1.959964 + 0.841621)) ** 2
    assert more.samples is not None
    assert (parts.data + (parts.base + parts.candidate) / more.samples) / 164 <= allowed
    assert (parts.data + (parts.base + parts.candidate) / (more.samples - 1)) / 164 > allowed
    assert more.problems == int(np.ceil(parts.total / allowed))


def test_no_number_of_samples_outweighs_too_few_problems() -> None:
    """Where the problems themselves differ too much, only more problems help."""
    n = np.full(20, 4)
    parts = noise((n, np.full(20, 4)), (n, np.array([0] * 10 + [4] * 10)))
    more = needed(parts, 20, 0.05)
    assert more.samples is None
    assert more.problems is not None
    assert more.problems > 20


def test_nothing_settles_a_question_without_a_gap() -> None:
    """A figure on the margin itself."""
    n = np.full(20, 4)
    parts = noise((n, np.full(20, 4)), (n, np.full(20, 3)))
    assert needed(parts, 20, 0.0) == Needed(None, None)
