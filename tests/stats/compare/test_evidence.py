"""Verdicts are earned at any size, and interval and test of a comparison never contradict each other."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalsite.counts.passk import Counts
from evalsite.counts.tally import SHOWN_KS
from evalsite.stats.compare.evidence import (
    OWN,
    Excess,
    _widened,
    changes_of,
    confidence_in_excess,
    interval_and_test,
    stricter,
)
from evalsite.stats.compare.numbers import Comparison, compare, difference
from evalsite.stats.compare.signflip import EXACT, MCNEMAR, Test, mcnemar, paired_test
from evalsite.stats.intervals import Interval


def lost_outright(size: int, n: int, lost: int, margin: float = 0.1) -> Comparison:
    """Two deterministic models: of so many problems, all passed by the first, the second loses some."""
    full = np.full(size, n)
    return compare(full, full, full, np.where(np.arange(size) < lost, 0, n), ks=[1], margin=margin)


def evidence(base_n: int, base: Counts, cand_n: int, candidate: Counts) -> tuple[Interval, Test]:
    """Interval and test of pass@1 alone, as a comparison makes them; so many samples of each problem."""
    runs = (np.full(base.size, base_n), base), (np.full(base.size, cand_n), candidate)
    return interval_and_test(*runs, candidate / cand_n - base / base_n, 1, 0.95)


def own_test(base_n: int, base: Counts, cand_n: int, candidate: Counts) -> Test:
    """The test alone, without the interval."""
    runs = (np.full(base.size, base_n), base), (np.full(base.size, cand_n), candidate)
    swapped = paired_test(*runs, 1) if base_n == cand_n else None
    return stricter(changes_of(*runs, candidate / cand_n - base / base_n, 1), swapped)


def excludes_zero(interval: Interval) -> bool:
    return interval.low > 0 or interval.high < 0


@pytest.mark.parametrize("n", [1, 10, 100])
@pytest.mark.parametrize(
    ("size", "margin"),
    [
        *((size, 0.1) for size in (4, 10, 26, 42, 57, 100)),
        *((57, 0.05), (50, 0.02), (100, 0.02), (100, 0.01), (164, 0.01)),
    ],
)
def test_met_is_earned_by_deterministic_models_at_any_size(size: int, margin: float, n: int) -> None:
    """Exact: of models that lose exactly the margin in whole problems, at most 5 % are called met."""
    false_met = 0.0
    for lost in range(size + 1):
        if lost_outright(size, n, lost, margin).by_figures != "met":
            break
        false_met += comb(size, lost) * margin**lost * (1 - margin) ** (size - lost)
    assert false_met <= 0.05


@pytest.mark.parametrize("size", [4, 10, 20, 28])
def test_more_samples_of_few_problems_are_no_evidence_about_others(size: int) -> None:
    """Nothing changed in few problems: no margin of 10 points is met, however many samples."""
    assert [lost_outright(size, n, 0).by_figures for n in (1, 10, 1000)] == ["inconclusive"] * 3


def test_164_problems_without_change_are_evidence_enough() -> None:
    """The bound is the exact one: 1.8 points at 95 %, so a margin of 2 is met and one of 1.5 is not."""
    for n in (1, 10):
        assert lost_outright(164, n, 0, 0.02).by_figures == "met"
        assert lost_outright(164, n, 0, 0.015).by_figures == "inconclusive"


@pytest.mark.parametrize(("size", "n"), [(10, 10), (20, 5), (50, 10)])
def test_met_is_earned_by_models_with_some_luck(size: int, n: int) -> None:
    """Simulated: 10 % of problems lost outright, the rest solved nearly always; margin 10."""
    rng = np.random.default_rng([size, n])
    base = rng.binomial(n, 0.97, (200, size))
    rates = np.where(rng.random((200, size)) < 0.1 / 0.97, 0.0, 0.97)
    pairs = zip(base, rates, strict=True)
    lows = [evidence(n, before, n, rng.binomial(n, rate))[0].low for before, rate in pairs]
    assert np.mean([low > -0.1 for low in lows]) <= 0.05


@pytest.mark.parametrize(("base_n", "cand_n"), [(1, 10), (10, 1), (3, 20)])
def test_unequal_samples_of_one_model_show_no_difference(base_n: int, cand_n: int) -> None:
    """Identical models, every rate .95: rejected in at most 5 % of runs, at 20 problems."""
    rng = np.random.default_rng([base_n, cand_n])
    found = [
        own_test(base_n, rng.binomial(base_n, 0.95, 20), cand_n, rng.binomial(cand_n, 0.95, 20))
        for _ in range(200)
    ]
    assert np.mean([one.p_value < 0.05 for one in found]) <= 0.05
    assert {one.method for one in found} == {OWN}


@pytest.mark.parametrize("size", [20, 50])
def test_skew_changes_that_cancel_show_no_difference(size: int) -> None:
    """5 % of problems lost outright, the others a little better, 50 samples: rejected in at most 5 %."""
    rng = np.random.default_rng(size)
    hits = 0
    for _ in range(200):
        rates = np.where(rng.random(size) < 0.05, 0.0, 0.7 / 0.95)
        before, after = rng.binomial(50, 0.7, size), rng.binomial(50, rates)
        hits += own_test(50, before, 50, after).p_value < 0.05
    assert hits / 200 <= 0.05


def test_every_greedy_comparison_of_164_problems_agrees_with_its_test() -> None:
    """All numbers broken and fixed that come near 5 %: McNemar's p-value, and zero inside as it says."""
    n = np.full(164, 1)
    for broken in range(60):
        for fixed in range(broken + 1):
            if not 0.03 < mcnemar(broken, fixed).p_value < 0.08:
                continue
            base = np.repeat([1, 0, 1], [broken, fixed, 164 - broken - fixed])
            cand = np.repeat([0, 1, 1], [broken, fixed, 164 - broken - fixed])
            main = compare(n, base, n, cand, ks=[1]).main
            assert (main.p_value, main.test) == (mcnemar(broken, fixed).p_value, MCNEMAR)
            assert excludes_zero(main.interval) == (main.p_value < 0.05), (broken, fixed)


@st.composite
def two_runs(draw: st.DrawFn) -> tuple[Counts, Counts, Counts, Counts]:
    """Counts of two runs, their samples equal or not."""
    size = draw(st.integers(1, 40))
    base_n, cand_n = draw(st.sampled_from([(1, 1), (2, 2), (10, 10), (1, 10), (3, 20)]))
    counts = st.lists(st.tuples(st.integers(0, base_n), st.integers(0, cand_n)), min_size=size, max_size=size)
    rows = np.array(draw(counts))
    return np.full(size, base_n), rows[:, 0], np.full(size, cand_n), rows[:, 1]


@given(two_runs(), st.sampled_from([0.5, 0.8, 0.95, 0.99, 0.9999]))
@settings(max_examples=300, deadline=None)
def test_interval_and_test_never_contradict_each_other(
    runs: tuple[Counts, Counts, Counts, Counts], confidence: float
) -> None:
    """Zero is inside of the interval exactly where the p-value is not small enough; at every k."""
    base, candidate = runs[:2], runs[2:]
    ks = [k for k in SHOWN_KS if k <= min(base[0][0], candidate[0][0])]
    assert ks
    for one in (difference(base, candidate, k, confidence=confidence) for k in ks):
        assert excludes_zero(one.interval) == (one.p_value < 1 - confidence)
        assert one.interval.low <= one.value <= one.interval.high
        assert 0.0 < one.p_value <= 1.0


@pytest.mark.parametrize(
    ("confidence", "more", "fewer"), [(0.99999, 18, 0), (0.999999, 25, 1), (0.9999999, 25, 0)]
)
def test_far_beyond_999_in_a_thousand_the_interval_ends_just_before_zero(
    confidence: float, more: int, fewer: int
) -> None:
    """There McNemar's test rejects what the interval still holds: one limit is the number next to zero."""
    n = np.full(164, 1)
    worse = np.repeat([0, 1, 1], [more, fewer, 164 - more - fewer])
    better = np.repeat([1, 0, 1], [more, fewer, 164 - more - fewer])
    lost = compare(n, better, n, worse, ks=[1], confidence=confidence).main
    gained = compare(n, worse, n, better, ks=[1], confidence=confidence).main
    assert lost.p_value == gained.p_value < 1 - confidence
    assert (lost.interval.high, gained.interval.low) == (np.nextafter(0.0, -1.0), np.nextafter(0.0, 1.0))
    assert lost.interval.low == -gained.interval.high < -0.2


def test_a_p_value_as_large_as_is_asked_for_keeps_zero_inside() -> None:
    """Five problems broken and none fixed: p is 1/16 exactly, and the interval that of 15/16."""
    n = np.full(100, 1)
    main = compare(n, n, n, np.repeat([0, 1], [5, 95]), ks=[1], confidence=0.9375).main
    assert (main.p_value, 0.0 in main.interval) == (0.0625, True)


@pytest.mark.parametrize(
    ("limits", "with_zero"),
    [((0.1, 0.3), (0.0, 0.3)), ((-0.3, -0.1), (-0.3, 0.0)), ((-0.1, 0.2), (-0.1, 0.2))],
)
def test_zero_comes_in_by_the_limit_that_kept_it_out(
    limits: tuple[float, float], with_zero: tuple[float, float]
) -> None:
    """As its end: no further than the test asks for."""
    widened = _widened(Interval(*limits, 0.95, "any"), holds_zero=True)
    assert (widened.low, widened.high) == with_zero


def test_without_a_margin_any_loss_is_too_much() -> None:
    """The confidence in one is what the test of no difference leaves, on the side that the figures are on."""
    n, all_passed, some = np.full(100, 1), np.full(100, 1), np.repeat([0, 1], [5, 95])
    lost = compare(n, all_passed, n, some, ks=[1], margin=0.0).excess
    gained = compare(n, some, n, all_passed, ks=[1], margin=0.0).excess
    assert (lost.least, lost.most) == (1 - 0.0625 / 2, 1 - 0.0625 / 2)
    assert (gained.least, gained.most) == (0.0625 / 2, 0.0625 / 2)


def test_the_span_of_two_is_from_the_least_to_the_most() -> None:
    """Whichever has which."""
    assert Excess(0.1, 0.2).joined(Excess(0.05, 0.15)) == Excess(0.05, 0.2)
    assert Excess(0.05, 0.15).joined(Excess(0.1, 0.2)) == Excess(0.05, 0.2)


def test_luck_in_either_run_is_luck() -> None:
    """The mirror image of a comparison is its comparison the other way round, wherever the luck was."""
    n, steady, lucky = np.full(40, 10), np.repeat([0, 10], [10, 30]), np.repeat([0, 10, 9, 5], [8, 20, 8, 4])
    there = compare(n, steady, n, lucky, ks=[1]).main.interval
    back = compare(n, lucky, n, steady, ks=[1]).main.interval
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)


def test_the_test_named_is_the_one_that_gave_the_p_value() -> None:
    """Swapped signs where they are the stricter test; the interval's where changes are skew."""
    n = np.full(12, 10)
    even = compare(n, np.full(12, 5), n, np.array([4, 6] * 6), ks=[1]).main
    assert (even.p_value, even.test) == (1.0, EXACT)
    skew = compare(n, np.full(12, 5), n, np.full(12, 6), ks=[1]).main
    assert skew.test == OWN
    assert skew.p_value > 0.05  # one problem more, lost outright, would undo the gain


@given(two_runs(), st.sampled_from([0.0, 0.01, 0.1, 0.5]), st.sampled_from([0.5, 0.8, 0.95, 0.999]))
@settings(max_examples=300, deadline=None)
def test_confidence_in_an_excess_is_the_verdict_at_every_confidence(
    runs: tuple[Counts, Counts, Counts, Counts], margin: float, confidence: float
) -> None:
    """It is low enough exactly where the interval lies inside the margin, high enough where outside."""
    base, candidate = runs[:2], runs[2:]
    found = difference(base, candidate, 1, confidence=confidence)
    excess = confidence_in_excess(base, candidate, margin, found.p_value, confidence)
    tail = (1 - confidence) / 2
    low, high = found.interval.low, found.interval.high
    assert 0.0 <= excess.least <= excess.most <= 1.0
    for limit, figure in ((low, excess.most), (high, 1 - excess.least)):
        if abs(limit + margin) > 1e-9 and abs(figure - tail) > 1e-9:
            assert (figure < tail) == (limit > -margin if limit is low else limit < -margin)


@pytest.mark.parametrize(("size", "n"), [(20, 1), (50, 10), (164, 3)])
def test_confidence_in_an_excess_is_calibrated(size: int, n: int) -> None:
    """Where exactly the margin is lost, no figure is undercut more often than it says, at either end."""
    rng = np.random.default_rng([size, n])
    rates = rng.beta(2.1, 0.9, (300, size))
    lost = np.where(rng.random((300, size)) < 0.1 / 0.7, 0.0, rates)
    full = np.full(size, n)
    pairs = list(zip(rng.binomial(n, rates), rng.binomial(n, lost), strict=True))
    found = [
        confidence_in_excess((full, base), (full, cand), 0.1, own_test(n, base, n, cand).p_value)
        for base, cand in pairs
    ]
    assert found[0] == compare(full, pairs[0][0], full, pairs[0][1], ks=[1], margin=0.1).excess
    for share in (0.05, 0.1, 0.25, 0.5):
        chance = 3 * np.sqrt(share * (1 - share) / 300)
        assert np.mean([one.most <= share for one in found]) <= share + chance
        assert np.mean([one.least >= 1 - share for one in found]) <= share + chance


def test_confidence_in_an_excess_where_nothing_changed() -> None:
    """Few problems leave room for what was not seen: so far as it is known, it is a range."""
    few, many = lost_outright(10, 10, 0), lost_outright(164, 10, 0)
    assert few.excess.least < 0.02 < 0.1 < few.excess.most
    assert many.excess.most < 0.001
