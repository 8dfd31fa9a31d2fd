"""Quantiles and tails, against scipy."""

import pytest
from scipy import stats

from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile, student_tail

FREEDOMS = [1, 2, 3, 4, 5, 7, 10, 19, 30, 163, 973, 5000]


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("probability", [0.005, 0.25, 0.6, 0.75, 0.95, 0.975, 0.995, 0.9995, 0.99995])
def test_student_quantiles(freedom: int, probability: float) -> None:
    """Nine digits at every confidence that anybody asks for, from one degree of freedom on."""
    expected = float(stats.t.ppf(probability, freedom))
    assert student_quantile(probability, freedom) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("value", [-30.0, -2.0, -0.1, 0.0, 0.1, 1.0, 2.0, 5.0, 30.0])
def test_student_tails(freedom: int, value: float) -> None:
    """Ten digits, near the middle and far out."""
    expected = float(stats.t.sf(value, freedom))
    assert student_tail(value, freedom) == pytest.approx(expected, rel=1e-10)


def test_the_normal_distribution_is_scipys() -> None:
    """Quantile and tail are exact to rounding, the tail as far as numbers go."""
    assert normal_quantile(0.975) == pytest.approx(float(stats.norm.ppf(0.975)), abs=1e-12)
    for value in range(-8, 36):
        assert normal_tail(value) == pytest.approx(float(stats.norm.sf(value)), rel=1e-12)
