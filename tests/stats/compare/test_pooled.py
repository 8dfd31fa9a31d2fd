"""One difference over several data sets."""

import numpy as np
import pytest
from scipy.stats import skew

from evalsite.stats.compare.clusters import Layout
from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.paired import Changes, interval_of
from evalsite.stats.compare.pooled import Pooled, Stratum, pool
from evalsite.stats.compare.question import Question
from evalsite.stats.intervals import LookConfidence
from evalsite.stats.sequential import confidence_at


def stratum(base, candidate, n=1, clusters=None):
    full = np.full(len(base), n)
    names = clusters or [f"{id(base)}/{index}" for index in range(len(base))]
    return Stratum(names, (full, np.array(base)), (full, np.array(candidate)))


def lost(size, broken, fixed=0, solved=None, clusters=None, prefix="p"):
    """So many greedy problems, of which the first are broken, and the last fixed."""
    base = [1] * (size - fixed) + [0] * fixed
    candidate = [0] * broken + [1] * (size - broken)
    return stratum(base, candidate, clusters=clusters or [f"{prefix}{index}" for index in range(size)])


@pytest.mark.parametrize(
    ("n", "base", "candidate"),
    [
        (1, [1] * 70 + [0] * 30, [0] * 9 + [1] * 64 + [0] * 27),
        (10, [9] * 40 + [2] * 20, [7] * 40 + [3] * 20),
        (1, [1] * 20, [1] * 20),
        (3, [3] * 12, [0] * 3 + [3] * 9),
    ],
)
def test_one_data_set_whose_problems_are_their_own_is_an_ordinary_comparison(n, base, candidate):
    """Figure, interval, test, excess and verdict."""
    full = np.full(len(base), n)
    ordinary, found = compare(full, base, full, candidate), pool([stratum(base, candidate, n)])
    main = ordinary.main
    assert (found.base, found.candidate) == (pytest.approx(main.base), pytest.approx(main.candidate))
    assert found.value == pytest.approx(main.value)
    assert (found.interval.low, found.interval.high) == pytest.approx((main.interval.low, main.interval.high))
    assert (found.interval.method, found.test) == (main.interval.method, main.test)
    assert found.p_value == pytest.approx(main.p_value)
    assert found.excess.most == pytest.approx(ordinary.excess.most)
    assert found.by_figures == ordinary.by_figures
    assert found.heterogeneity is None


def test_problems_or_data_sets_count_the_same():
    """9 of 90 and 6 of 10 are 15 of 100, or the mean of 10 and 60 %."""
    strata = [lost(90, 9, prefix="a"), lost(10, 6, prefix="b")]
    assert pool(strata, "problem").value == pytest.approx(-0.15)
    assert pool(strata, "dataset").value == pytest.approx(-0.35)
    small = pool(strata, "dataset").interval
    assert small.high - small.low > 1.5 * (
        pool(strata, "problem").interval.high - pool(strata, "problem").interval.low
    )


@pytest.mark.parametrize(("broken", "high"), [(20, -0.446), (19, -0.384), (18, -0.331)])
def test_the_two_that_join_are_no_skewness_of_what_was_lost(broken, high):
    """Nearly all of few problems lost is told at the first of three looks; gained, it is the mirror image."""
    strata = [lost(15, 15, prefix="a"), lost(5, broken - 15, prefix="b")]
    confidence = LookConfidence(confidence_at((0.5,)))
    found = pool(strata, margin=0.3, confidence=confidence)
    assert found.by_figures == "missed"
    assert found.interval.high == pytest.approx(high, abs=1e-3)
    turned = [Stratum(one.clusters, one.candidate, one.base) for one in strata]
    assert pool(turned, confidence=confidence).interval.low == pytest.approx(-found.interval.high)


def test_a_skewness_that_is_rounding_moves_nothing():
    """Values whose third powers add up to nothing but for the last digits."""
    for size in (14, 27, 31):
        changes = Changes(np.full(size, -1.0), freedom=size - 1).leaning
        assert changes.skew == 0.0
        few = Changes(np.repeat([-0.1, 0.1, 0.3], size), weight=0.09, freedom=3 * size - 1)
        straight, leaning = interval_of(few), interval_of(few.leaning)
        assert (leaning.low, leaning.high) == pytest.approx((straight.low, straight.high))


def test_the_skewness_of_few_that_lost_is_as_much_as_the_two_leave_of_it():
    """Four of forty lost lean to the left, less so with one more lost and one won; turned, to the right."""
    few = Changes(np.repeat([-1.0, 0.0], [4, 36]), freedom=39)
    every = np.repeat([-1.0, 0.0, 1.0], [5, 36, 1])
    assert few.leaning.skew == pytest.approx(skew(every) / (6 * 42**0.5))
    assert few.turned.leaning.skew == pytest.approx(-few.leaning.skew)
    tenth = Changes(np.repeat([-0.1, 0.0], [4, 36]), weight=0.01, freedom=39)
    assert tenth.leaning.skew == pytest.approx(few.leaning.skew), "whatever the scale"
    many = Changes(np.repeat([-1.0, 0.0], [36, 4]), freedom=39)
    assert 0 < many.leaning.skew < few.turned.leaning.skew


def width(found: Pooled) -> float:
    return found.interval.high - found.interval.low


def test_the_same_problems_twice_are_no_more_evidence_than_once():
    """Clusters are what is drawn: of 50 problems in two data sets that agree the width stays."""
    names = [f"HumanEval/{index}" for index in range(50)]
    once = pool([lost(50, 8, 2, clusters=names)])
    twice = pool([lost(50, 8, 2, clusters=names)] * 2)
    apart = pool([lost(50, 8, 2, prefix="a"), lost(50, 8, 2, prefix="b")])
    assert (twice.num_problems, twice.num_clusters) == (100, 50)
    assert (
        width(once) <= width(twice) < 1.15 * width(once)
    )  # which also leaves more room for what was not seen
    assert width(apart) < 0.8 * width(twice)
    assert twice.p_value > 3 * apart.p_value


def test_clusters_within_one_data_set_count_too():
    """Gaps of one source problem, for example."""
    alone = pool([lost(60, 6)])
    gaps = pool([lost(60, 6, clusters=[f"HumanEval/{index // 6}" for index in range(60)])])
    assert gaps.num_clusters == 10
    assert width(gaps) > 1.5 * width(alone)


def test_that_data_sets_lost_unlike_much_adds_no_uncertainty():
    """It is stratified: 0 of 100 and 20 of 100 are known better than any 20 of 200."""
    unlike = pool([lost(100, 0, prefix="a"), lost(100, 20, prefix="b")])
    alike = pool([lost(100, 10, prefix="a"), lost(100, 10, prefix="b")])
    assert unlike.value == alike.value == pytest.approx(-0.1)
    assert width(unlike) < width(alike)
    assert unlike.heterogeneity < 0.001 < 0.5 < alike.heterogeneity


@pytest.mark.parametrize("seed", range(6))
def test_interval_and_test_and_excess_never_contradict_each_other(seed):
    """Zero is inside exactly where p says so, and the margin by the confidence in an excess."""
    rng = np.random.default_rng(seed)
    strata = []
    for size in rng.integers(5, 60, rng.integers(2, 4)):
        rates = rng.beta(2, 1, size)
        full = np.full(size, 4)
        candidate = rng.binomial(4, rates * rng.uniform(0.7, 1.0))
        names = [f"{name}" for name in rng.integers(0, size, size)]
        strata.append(Stratum(names, (full, rng.binomial(4, rates)), (full, candidate)))
    for weights in ("problem", "dataset"):
        found = pool(strata, weights, margin=0.1)
        assert (0.0 in found.interval) == (found.p_value >= 0.05)
        assert (found.excess.most < 0.025) == (found.interval.low > -0.1)
        assert (found.excess.least > 0.975) == (found.interval.high < -0.1)
        turned = pool([Stratum(one.clusters, one.candidate, one.base) for one in strata], weights)
        assert (turned.interval.low, turned.interval.high) == pytest.approx(
            (-found.interval.high, -found.interval.low)
        )


def test_freedom_is_that_of_equal_clusters():
    """One less a group: of three data sets that ask the same, and of two that share nothing."""
    names = [str(index) for index in range(20)]
    assert Layout.of([names], "problem").freedom == 19
    assert Layout.of([names] * 3, "problem").freedom == 19
    assert Layout.of([names, [f"x{name}" for name in names]], "problem").freedom == 38
    big = [f"y{index}" for index in range(1000)]
    assert Layout.of([names, big], "dataset").freedom == 20


def test_recovery_counts_problems_or_data_sets_the_same():
    """81 of 90 and 4 of 10 are 85 of 100, or the mean of 90 and 40 %; all of it exactly where no loss is."""
    strata = [lost(90, 9, prefix="a"), lost(10, 6, prefix="b")]
    by_problem, by_set = (pool(strata, weights) for weights in ("problem", "dataset"))
    assert by_problem.recovery.value == pytest.approx(0.85)
    assert by_set.recovery.value == pytest.approx(0.65)
    for found in (by_problem, by_set, pool([lost(60, 1, 1, prefix="a"), lost(40, 1, prefix="b")])):
        assert found.recovery.value in found.recovery.interval
        assert (1.0 in found.recovery.interval) == (0.0 in found.interval)


@pytest.mark.parametrize("seed", range(4))
def test_every_way_to_ask_agrees_with_its_chance(seed):
    """What is met has a p-value below half of what the interval may miss, and nothing else has."""
    rng = np.random.default_rng(seed)
    strata = [lost(60, int(rng.integers(0, 14)), int(rng.integers(0, 6)), prefix=name) for name in "ab"]
    for question in (Question(0.9, "share"), Question(0.1, "equivalence"), Question(0.1)):
        found = pool(strata, margin=question)
        assert (found.by_figures == "met") == (found.chance < 0.025)
    assert pool(strata, margin=0.1).interval == pool(strata, margin=Question(0.9, "share")).interval


def test_a_loss_that_leans_to_one_side_moves_both_limits():
    """Of several data sets: few problems that are lost outright are more likely too few than too many."""
    strata = [lost(100, 8, prefix="a"), lost(100, 8, prefix="b")]
    found, straight = pool(strata), compare(np.ones(200), np.ones(200), np.ones(200), [0] * 16 + [1] * 184)
    assert found.interval.low < straight.main.interval.low
    assert found.interval.high < straight.main.interval.high
    assert pool([lost(200, 16)]).interval.low == pytest.approx(straight.main.interval.low), "one set stays"


def test_a_pool_needs_problems():
    """Nothing is no difference."""
    for nothing in ([], [stratum([], [])]):
        with pytest.raises(ValueError, match="at least one problem"):
            pool(nothing)


def test_a_margin_that_the_pooled_baseline_cannot_lose_is_vacuous():
    """By the same rule as of one data set."""
    strata = [
        stratum([1] * 4 + [0] * 60, [1] * 4 + [0] * 60, clusters=[f"{k}{i}" for i in range(64)]) for k in "ab"
    ]
    assert pool(strata, margin=0.1).by_figures == "vacuous"
