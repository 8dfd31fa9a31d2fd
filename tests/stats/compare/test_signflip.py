"""Tests of no difference: against scipy, against enumeration, and the figures that a gate depends on."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalsite.stats.compare.signflip import (
    EXACT,
    MCNEMAR,
    holm,
    mcnemar,
    paired_test,
    sign_flip_exact,
    sign_flip_sampled,
    signed_sums,
)


@pytest.mark.parametrize(("broken", "fixed", "p_value"), [(6, 0, 0.031), (10, 2, 0.039), (12, 4, 0.077)])
def test_the_known_figures(broken: int, fixed: int, p_value: float) -> None:
    """On 164 greedy problems: 6 losses are just about a difference, 12 losses against 4 gains are not."""
    base = np.array([1] * (broken + 50) + [0] * (114 - broken))
    candidate = base.copy()
    candidate[:broken] = 0
    candidate[150 : 150 + fixed] = 1
    ones = np.ones(164, dtype=np.int64)
    test = paired_test((ones, base), (ones, candidate), 1)
    assert round(test.p_value, 3) == p_value
    assert test.method == MCNEMAR


@given(st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=200)
def test_mcnemar_is_scipys_exact_binomial_test(broken: int, fixed: int) -> None:
    """The p-value agrees with scipy to 1e-9, and is 1 where nothing changed."""
    expected = stats.binomtest(broken, broken + fixed).pvalue if broken + fixed else 1.0
    assert mcnemar(broken, fixed).p_value == pytest.approx(float(expected), abs=1e-9)


@given(st.lists(st.integers(-10, 10), min_size=2, max_size=10))
@settings(max_examples=60)
def test_permutation_test_is_scipys(differences: list[int]) -> None:
    """The exact sign-flip test agrees with scipy's exhaustive paired permutation test to 1e-9."""
    values = np.array(differences, dtype=np.float64)
    expected = stats.permutation_test(
        (values, np.zeros_like(values)),
        lambda x, y, axis: np.sum(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    test = sign_flip_exact(np.array(differences))
    assert test.p_value == pytest.approx(float(expected.pvalue), abs=1e-9)


@given(st.lists(st.integers(-30, 30), min_size=1, max_size=8))
@settings(max_examples=60)
def test_permutation_test_is_an_enumeration_of_all_signs(differences: list[int]) -> None:
    """Counting all sign patterns one by one gives the same p-value."""
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * size for sign, size in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    expected = sum(one >= observed for one in sums) / len(sums)
    assert sign_flip_exact(np.array(differences)).p_value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("seed", "low", "high"), [(4, 0.3, 0.5), (5, 0.6, 0.75), (3, 0.8, 0.95)])
def test_sampled_and_exact_test_agree(seed: int, low: float, high: float) -> None:
    """Where the grid is too fine to enumerate, random signs give the same answer but for their noise."""
    differences = np.random.default_rng(seed).integers(-10, 11, 164)
    exact = sign_flip_exact(differences).p_value
    assert low < exact < high
    assert sign_flip_sampled(differences / 10.0).p_value == pytest.approx(exact, abs=0.015)


def test_random_signs_are_fair_and_each_problems_own() -> None:
    """Sums of +-1, +-2, +-4 ... take every value as often; columns of a row share its sign."""
    powers = 2.0 ** np.arange(9)
    sums = signed_sums(np.column_stack([powers, -3 * powers]), 40_000, 7)
    np.testing.assert_array_equal(sums[:, 1], -3 * sums[:, 0])
    values, counts = np.unique(sums[:, 0], return_counts=True)
    np.testing.assert_array_equal(values, np.arange(-511, 512, 2))
    assert abs(counts - 40_000 / 512).max() < 5 * (40_000 / 512) ** 0.5


def test_sampled_test_does_not_depend_on_the_order_of_problems() -> None:
    """The draws fall to the same sizes, wherever these stand."""
    differences = np.random.default_rng(3).normal(0.05, 0.3, 60)
    assert sign_flip_sampled(differences[::-1]) == sign_flip_sampled(differences)


def test_sampled_test_never_gives_zero() -> None:
    """The observed signs count as a draw."""
    assert sign_flip_sampled(np.full(100, 0.37), draws=999).p_value == pytest.approx(0.001)


def test_unequal_samples_of_problems_stay_exact() -> None:
    """Problems with 3 and with 10 samples in both runs have differences on a grid of thirtieths."""
    rng = np.random.default_rng(4)
    n = np.repeat([3, 10], 20)
    base, cand = rng.binomial(n, 0.5), rng.binomial(n, 0.5)
    test = paired_test((n, base), (n, cand), 1)
    assert test.method == EXACT
    assert test.p_value == sign_flip_exact((cand - base) * (30 // n)).p_value


def test_signs_are_not_swapped_between_runs_of_unequal_samples() -> None:
    """One sample against ten is skew even if both models are the same."""
    with pytest.raises(ValueError, match="as many samples of each problem"):
        paired_test((np.full(9, 1), np.ones(9)), (np.full(9, 10), np.full(9, 9)), 1)


def test_no_p_value_is_zero() -> None:
    """However far out: floating point ends, certainty does not begin."""
    assert 0.0 < mcnemar(2000, 0).p_value < 1e-300
    assert 0.0 < sign_flip_exact(np.full(2000, 3)).p_value < 1e-300


def test_pass_at_10_of_10_samples_is_mcnemars_test() -> None:
    """Every problem is then plainly solved or not, as with one greedy sample."""
    n = np.full(20, 10)
    base, cand = np.array([3] * 10 + [0] * 10), np.array([0] * 6 + [1] * 4 + [0] * 10)
    test = paired_test((n, base), (n, cand), 10)
    assert (test.method, test.p_value) == (MCNEMAR, mcnemar(6, 0).p_value)


def test_two_hundred_samples_are_exact_for_pass_at_1_and_sampled_for_pass_at_10() -> None:
    """The grid of pass@10 of 200 samples is beyond enumeration; its test draws signs instead."""
    rng = np.random.default_rng(9)
    n = np.full(164, 200)
    base, cand = rng.binomial(200, 0.5, 164), rng.binomial(200, 0.48, 164)
    assert paired_test((n, base), (n, cand), 1).method == EXACT
    assert "9,999 draws" in paired_test((n, base), (n, cand), 10).method


@pytest.mark.parametrize(("more", "method"), [([5], EXACT), ([5, 1], "permutation test, 9,999 draws")])
def test_two_hundred_thousand_sums_are_enumerated_and_no_more(more: list[int], method: str) -> None:
    """995 problems that gained 201 passes each, and what brings their sum to the bound, or beyond it."""
    gained = np.array([201] * 995 + more)
    n = np.full(gained.size, 201)
    assert paired_test((n, np.zeros_like(gained)), (n, gained), 1).method == method


def test_holm_adjusts_step_by_step() -> None:
    """Holm's own procedure on a worked example: sorted, weighed by what is left, never decreasing."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.8, 0.9]) == (1.0, 1.0)
    assert holm([0.04]) == (0.04,)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_makes_a_test_more_significant_and_keeps_the_order(p_values: list[float]) -> None:
    """Adjusted values are at least the raw ones, at most Bonferroni's, and in the same order."""
    adjusted = holm(p_values)
    assert len(adjusted) == len(p_values)
    for raw, new in zip(p_values, adjusted, strict=True):
        assert raw <= new <= 1.0
        earlier = [p for p in p_values if p <= raw]
        assert new <= max(min(1.0, p * len(p_values)) for p in earlier) + 1e-12
    ranked = [adjusted[i] for i in sorted(range(len(p_values)), key=lambda i: p_values[i])]
    assert ranked == sorted(ranked)
