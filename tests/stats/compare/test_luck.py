"""What luck alone changes between two runs of one model."""

import numpy as np
import pytest
from scipy import stats

from evalsite.stats.compare.luck import can_tell, luck_alone, unlike


@pytest.mark.parametrize(
    "counts", [(10, 8, 10, 4), (10, 10, 10, 0), (1, 1, 1, 0), (10, 5, 3, 0), (90, 50, 100, 34)]
)
def test_a_single_problem_is_tested_by_fishers_exact_test(counts: tuple[int, int, int, int]) -> None:
    """Scipy gives the same."""
    base_n, base_c, cand_n, cand_c = counts
    expected = stats.fisher_exact([[base_c, base_n - base_c], [cand_c, cand_n - cand_c]]).pvalue
    assert unlike(*counts) == pytest.approx(float(expected), rel=1e-9)


def test_three_answers_never_tell() -> None:
    """All against none of three is p = 0.1; of four, 0.03."""
    assert not can_tell(3, 3)
    assert can_tell(4, 4)


@pytest.mark.parametrize("n", [2, 3, 5, 10])
@pytest.mark.parametrize("concentration", [3.0, 0.4])
def test_the_flips_of_identical_models_are_expected_rightly(concentration: float, n: int) -> None:
    """Over 150 pairs of runs of 164 problems, to a tenth or a problem and a half; the range holds in most."""
    rng = np.random.default_rng([n, int(10 * concentration)])
    actual, expected, inside = [], [], 0
    for _ in range(150):
        rates = rng.beta(0.7 * concentration, 0.3 * concentration, 164)
        base, other = rng.binomial(n, rates), rng.binomial(n, rates)
        luck = luck_alone((np.full(164, n), base), np.full(164, n))
        assert luck is not None
        broken = int(np.count_nonzero((2 * base >= n) & (2 * other < n)))
        actual.append(broken)
        expected.append(luck.broken)
        inside += luck.broken_range[0] <= broken <= luck.broken_range[1]
    assert np.mean(expected) == pytest.approx(np.mean(actual), rel=0.1, abs=1.5)
    assert inside / 150 >= 0.88


def test_the_candidates_own_number_of_samples_counts() -> None:
    """A single answer flips more often than the majority of ten; certain problems never flip."""
    n, c = np.full(100, 10), np.full(100, 8)
    one, ten = luck_alone((n, c), np.full(100, 1)), luck_alone((n, c), np.full(100, 10))
    assert one is not None
    assert ten is not None
    assert one.broken == pytest.approx(20, abs=1)
    assert ten.broken < 2
    certain = luck_alone((n, np.repeat([0, 10], 50)), n)
    assert certain is not None
    assert certain.broken + certain.fixed < 0.5


def test_one_answer_tells_nothing_of_luck() -> None:
    """Nor do ten of all problems but one."""
    assert luck_alone((np.array([1, 10]), np.array([1, 5])), np.array([1, 1])) is None
