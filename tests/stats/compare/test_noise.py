"""What the uncertainty is made of, and how well that is known."""

import numpy as np
import pytest
from scipy import stats

from evalsite.stats.compare.noise import noise, single_noise


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


@pytest.mark.parametrize(("size", "n", "least"), [(20, 2, 0.88), (50, 3, 0.91), (164, 10, 0.93)])
@pytest.mark.parametrize("lost", [0.0, 0.15])
def test_the_share_of_luck_comes_with_limits_that_hold(size: int, n: int, least: float, lost: float) -> None:
    """Problems of all rates, some of them lost outright; 300 simulated pairs."""
    rng = np.random.default_rng([size, n, int(100 * lost)])
    before = rng.beta(2.1, 0.9, 400_000)
    after = np.where(rng.random(before.size) < lost, 0.0, before)
    luck = float(np.mean(before * (1 - before) + after * (1 - after))) / n
    truth = luck / (luck + float(np.var(after - before)))
    samples, inside = np.full(size, n), 0
    for _ in range(300):
        drawn = rng.integers(0, before.size, size)
        parts = noise((samples, rng.binomial(n, before[drawn])), (samples, rng.binomial(n, after[drawn])))
        limits = parts.share_range()
        inside += limits is not None and limits[0] - 1e-9 <= truth <= limits[1] + 1e-9
    assert inside / 300 >= least


def test_nothing_is_known_of_the_share_where_nothing_varies() -> None:
    """Nor with a single answer."""
    n = np.full(6, 4)
    assert noise((n, n), (n, n)).share_range() is None
    assert noise((n // 4, n // 4), (n // 4, n * 0)).share_range() is None


def test_the_error_of_the_share_by_hand() -> None:
    """Four problems of two samples: the linearized ratio of luck and variance, worked out with a loop."""
    base, cand = np.array([2, 1, 2, 0]), np.array([1, 1, 0, 0])
    found = noise((np.full(4, 2), base), (np.full(4, 2), cand))
    values = [-0.5, 0.0, -1.0, 0.0]
    lucks = [(b * (2 - b) + c * (2 - c)) / 2 / 2 for b, c in zip(base, cand, strict=True)]
    mean, luck = sum(values) / 4, sum(lucks) / 4
    total = sum((value - mean) ** 2 for value in values) / 3
    assert found.total == pytest.approx(total)
    assert found.prediction == pytest.approx(luck)
    pulls = [
        (one - luck / total * (value - mean) ** 2 * 4 / 3) / total
        for one, value in zip(lucks, values, strict=True)
    ]
    middle = sum(pulls) / 4
    assert found.share_error == pytest.approx((sum((pull - middle) ** 2 for pull in pulls) / 3) ** 0.5 / 2)


def test_one_problem_has_no_variance() -> None:
    """Not one that is no number."""
    found = noise((np.array([2]), np.array([1])), (np.array([2]), np.array([2])))
    assert (found.total, found.prediction_share, found.share_range()) == (0.0, None, None)


def test_the_limits_of_the_share_are_students_over_problems() -> None:
    """Five problems have four degrees of freedom; both limits stay in [0, 1]."""
    n = np.full(5, 10)
    found = noise((n, np.array([9, 2, 6, 5, 8])), (n, np.array([3, 4, 7, 1, 8])))
    share, error = found.prediction_share, found.share_error
    half = float(stats.t.ppf(0.9, 4)) * error
    assert 0.0 < share - half < share + half < 1.0
    assert found.share_range(0.8) == pytest.approx((share - half, share + half))
    assert found.share_range(0.9999) == (0.0, 1.0)


def test_single_samples_vary_by_their_shares() -> None:
    """One sample of any problem hides the noise of answers, and the variance is that of what was passed."""
    found = single_noise(np.array([1, 2, 4]), np.array([1, 1, 1]))
    assert found.total == pytest.approx(np.var([1.0, 0.5, 0.25], ddof=1))
