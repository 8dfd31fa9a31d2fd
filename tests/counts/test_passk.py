"""pass@k: against every subset, against exact fractions, and at the edges."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalsite.counts.passk import luck_at_k, pass_at_every_k, pass_at_k


@pytest.mark.parametrize("n", range(1, 9))
def test_equals_the_share_of_subsets_with_a_pass(n: int) -> None:
    """Enumerating all k-subsets of small sample sets gives the same number."""
    for c in range(n + 1):
        samples = [True] * c + [False] * (n - c)
        for k in range(1, n + 1):
            subsets = list(combinations(samples, k))
            expected = sum(any(subset) for subset in subsets) / len(subsets)
            assert pass_at_k([n], [c], k)[0] == pytest.approx(expected, abs=1e-15)


@given(st.data())
@settings(max_examples=150)
def test_agrees_with_exact_fractions_up_to_a_thousand_samples(data: st.DataObject) -> None:
    """Floating point stays within 1e-12 of the exact value, in [0, 1], never NaN."""
    n = data.draw(st.integers(1, 1000))
    c = data.draw(st.integers(0, n))
    k = data.draw(st.integers(1, n))
    value = pass_at_k([n], [c], k)[0]
    assert 0.0 <= value <= 1.0
    assert value == pytest.approx(float(1 - Fraction(comb(n - c, k), comb(n, k))), abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 499, 500, 999, 1000])
def test_every_count_of_a_thousand_samples_is_finite(k: int) -> None:
    """No overflow and no warning for any c, however large the binomials are."""
    with np.errstate(all="raise"):
        values = pass_at_k(np.full(1001, 1000), np.arange(1001), k)
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) >= 0)
    assert values[0] == 0.0
    assert values[-1] == 1.0


def test_every_k_at_once_gives_the_same_numbers() -> None:
    """The curve's rows are those of the single function, with unequal n too."""
    n, c = [10, 12, 200], [0, 5, 199]
    rows = pass_at_every_k(n, c, 10)
    for k in range(1, 11):
        assert np.array_equal(rows[k - 1], pass_at_k(n, c, k))


def test_averages_over_samples_do_not_bias_it() -> None:
    """Over all outcomes of n draws at a true rate p, the mean of the estimate is 1 - (1 - p)^k."""
    n, k, p = 7, 3, 0.3
    weights = [comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
    values = pass_at_k([n] * (n + 1), range(n + 1), k)
    assert float(np.dot(weights, values)) == pytest.approx(1 - (1 - p) ** k, abs=1e-14)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 11, 12])
def test_luck_is_the_jackknife_over_samples(k: int) -> None:
    """Leaving out the samples one by one, and putting what changes together, gives the same variance."""
    n = 12
    for c in range(n + 1):
        left = [c - 1] * c + [c] * (n - c)  # the passes that are left, for each sample that is left out
        without = pass_at_k([n - 1] * n, left, k) if k < n else np.zeros(0)
        expected = (n - 1) * np.var(without) if without.size else 0.0
        assert luck_at_k([n], [c], k)[0] == pytest.approx(expected, abs=1e-15)


def test_luck_of_pass_at_1_is_unbiased() -> None:
    """Over all outcomes of n draws at a rate p, it averages to the variance of their mean."""
    n, p = 7, 0.3
    weights = [comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
    luck = luck_at_k([n] * (n + 1), range(n + 1), 1)
    assert float(np.dot(weights, luck)) == pytest.approx(p * (1 - p) / n, abs=1e-15)


def test_too_few_samples_show_no_luck() -> None:
    """One sample, or no more than k, cannot tell luck from the problem; each problem by itself."""
    assert luck_at_k([1, 2, 4], [1, 1, 2], 1).tolist() == pytest.approx([0.0, 0.25, 1 / 12])
    assert luck_at_k([2, 3], [1, 1], 2)[0] == 0.0
    with pytest.raises(ValueError, match="one has 2"):
        luck_at_k([2, 3], [1, 1], 3)


@pytest.mark.parametrize(
    ("n", "c", "k", "message"),
    [
        ([10, 3], [1, 1], 5, "one has 3"),
        ([10], [1], 0, "at least 1"),
        ([10], [11], 1, "between 0 and n"),
        ([10], [-1], 1, "between 0 and n"),
        ([10], [1, 2], 1, "of one length"),
        ([[10]], [[1]], 1, "one-dimensional"),
        ([10], [1.5], 1, "whole numbers"),
        ([0], [0], 1, "one has 0"),
        ([10], [1], 1.5, "k must be a whole number"),
        ([10], [1], float("nan"), "k must be a whole number"),
        ([10], [float("nan")], 1, "n and c must be whole numbers"),
        ([float("inf")], [1], 1, "n and c must be whole numbers"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_impossible_requests_are_refused(n: list[int], c: list[int], k: int, message: str) -> None:
    """No number comes back where no unbiased estimate exists or the counts cannot be; nor a warning."""
    with pytest.raises(ValueError, match=message):
        pass_at_k(n, c, k)
    if k:
        with pytest.raises(ValueError, match=message):
            pass_at_every_k(n, c, k)
