"""Limits that allow for problems not seen: against exact limits, scipy, and simulated weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalsite.stats import unseen
from evalsite.stats.unseen import chance_below, highest, lowest, without_luck

VALUES = st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=40).map(np.array)


@pytest.mark.parametrize("size", [1, 2, 4, 10, 26, 164, 974])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 0.9])
def test_lost_or_not_is_the_binomial_distribution(size: int, share: float) -> None:
    """Where every problem was lost outright or not at all, the chance is exact, however small."""
    for lost in sorted({0, 1, size // 10, size // 3, size - 1}):
        values = np.repeat([-1.0, 0.0], [lost, size - lost])
        expected = float(stats.binom.cdf(lost, size, share))
        assert chance_below(values, -1.0, -share) == pytest.approx(expected, rel=1e-8, abs=1e-290)


@pytest.mark.parametrize("size", [1, 4, 20, 164, 974])
@pytest.mark.parametrize("tail", [0.01, 0.05, 0.2])
def test_lost_or_not_has_the_limit_of_clopper_and_pearson(size: int, tail: float) -> None:
    """The same for the limit itself; mirrored for the upper one."""
    for lost in sorted({0, 1 % size, size // 3, size - 1}):
        values = np.repeat([-1.0, 0.0], [lost, size - lost])
        expected = -float(stats.beta.ppf(1 - tail, lost + 1, size - lost))
        assert lowest(float(values.mean()), values, -1.0, tail) == pytest.approx(expected, abs=1e-10)
        assert highest(-float(values.mean()), -values, 1.0, tail) == pytest.approx(-expected, abs=1e-10)


def test_nothing_changed_is_the_rule_of_three() -> None:
    """164 problems without any change: one such set in twenty hides a loss of 1.8 points, 3 / 164."""
    limit = lowest(0.0, np.zeros(164), -1.0, 0.05)
    assert limit == pytest.approx(-(1 - 0.05 ** (1 / 164)), abs=1e-12)
    assert limit == pytest.approx(-3 / 164, abs=2e-4)


def test_any_values_agree_with_simulated_weights() -> None:
    """A million sets of random weights give the same chances, within the noise of drawing them."""
    values = np.random.default_rng(1).normal(-0.02, 0.2, 30)
    weights = np.random.default_rng(2).exponential(size=(10**6, 31))
    means = weights @ np.append(values, -1.0) / weights.sum(axis=1)
    for at in (-0.2, -0.1, -0.05, 0.05):
        drawn = float(np.mean(means < at))
        assert chance_below(values, -1.0, at) == pytest.approx(drawn, abs=4e-3 * drawn**0.5)
    assert lowest(0.0, values, -1.0, 0.05) == pytest.approx(float(np.quantile(means, 0.05)), abs=1e-3)


@pytest.mark.parametrize(
    ("size", "gained", "gain"),
    [(164, 5, 0.5), (164, 3, 1.0), (378, 11, 0.5), (974, 20, 0.3), (164, 60, 0.02)],
)
def test_few_gains_and_nothing_else_agree_with_simulated_weights(size: int, gained: int, gain: float) -> None:
    """Where nearly all values lie close by on one side, and a few far away on either: between nothing and
    everything, rising with the bound, and as simulated.
    """
    values = np.repeat([gain, 0.0], [gained, size - gained])
    draw = np.random.default_rng(3)
    first, rest = draw.gamma(gained, size=10**5), draw.gamma(size - gained, size=10**5)
    worst = draw.exponential(size=10**5)
    means = (gain * first - worst) / (first + rest + worst)
    bounds = np.linspace(-0.5, 2.0, 26) * values.mean()
    chances = [chance_below(values, -1.0, float(at)) for at in bounds]
    assert min(chances) >= 0.0
    assert chances == sorted(chances)
    assert chances[-1] <= 1.0
    for at, chance in zip(bounds, chances, strict=True):
        drawn = float(np.mean(means < at))
        assert chance == pytest.approx(drawn, abs=2e-2 * max(drawn, 1e-4) ** 0.5)
    assert chance_below(values, -1.0, lowest(float(values.mean()), values, -1.0, 0.05)) == pytest.approx(0.05)


@pytest.mark.parametrize(("size", "gained"), [(12, 1), (30, 2), (50, 2), (80, 3), (80, 4), (164, 8)])
@pytest.mark.parametrize("gain", [0.1, 0.5, 1.0])
def test_a_chance_is_right_to_nine_digits(size: int, gained: int, gain: float) -> None:
    """As by fifty times as many points on a straight line, which needs no care."""
    values = np.repeat([gain, 0.0], [gained, size - gained])
    pulls, steps = np.append(values, -1.0), np.arange(6000) + 0.5
    for share in (0.1, 0.5, 0.9, 1.1, 1.3, 1.6):
        at = share * float(values.mean())
        below = pulls - at
        sign = 1.0 if below.sum() >= 0.0 else -1.0
        near = 0.5 / float((sign * below).min())
        up = np.sinh(steps * 14 / 6000)
        way = near + 1j * up
        turned = np.exp(-np.log(1 - sign * below[:, np.newaxis] * way).sum(axis=0))
        part = float((turned * 1j * np.cosh(steps * 14 / 6000) / -way).imag.sum()) * 14 / 6000 / np.pi
        exact = part if sign > 0.0 else 1 - part
        assert chance_below(values, -1.0, at) == pytest.approx(exact, rel=1e-9, abs=1e-12)


@given(VALUES, st.floats(0.01, 0.5))
@settings(max_examples=150, deadline=None)
def test_the_limit_is_where_the_chance_is_the_tail(values: np.ndarray, tail: float) -> None:
    """Solved to many digits, whatever the values; never above what was given, never beyond the end."""
    given_limit = float(values.mean())
    limit = lowest(given_limit, values, -1.0, tail)
    assert -1.0 <= limit <= given_limit
    if limit < given_limit:
        assert chance_below(values, -1.0, limit - 1e-7) <= tail + 1e-9
        assert chance_below(values, -1.0, limit + 1e-7) >= tail - 1e-9
    else:
        assert limit == -1.0 or chance_below(values, -1.0, limit) <= tail


@pytest.mark.parametrize("above", [3e-5, 1e-5, 1e-6])
def test_a_limit_that_begins_close_by_is_solved_as_far(above: float) -> None:
    """A first step that is short says nothing yet of the next."""
    for values in (
        np.array([-1.0] * 3 + [1.0] + [0.0] * 16),
        np.linspace(-0.9, 0.9, 7),
        np.array([0.5, 1.0]),
    ):
        limit = lowest(float(values.mean()), values, -1.0, 0.05)
        assert lowest(limit + above, values, -1.0, 0.05) == pytest.approx(limit, abs=1e-11)


@pytest.mark.parametrize("size", [10, 57, 164, 378])
@pytest.mark.parametrize("step", [1.0, 0.02])
def test_newtons_method_takes_a_few_steps(size: int, step: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits and saddlepoints, of large changes and of small ones: twelve say what sixty do."""
    changes = [np.repeat([-step, step, 0.0], [lost, won, size]) for lost, won in ((0, 0), (1, 0), (9, 2))]

    def found() -> list[tuple[float, float]]:
        return [
            (
                lowest(float(each.mean()), each, -1.0, 0.05),
                unseen._saddlepoint(*unseen._ordered(each + 0.8, -1.0)),
            )
            for each in changes
        ]

    most = found()
    unseen._lowest.cache_clear()  # it would say what sixty said
    monkeypatch.setattr(unseen, "MOST_STEPS", 12)
    assert found() == most
    assert all(line < 0.0 for _, line in most)


@given(VALUES)
@settings(max_examples=50, deadline=None)
def test_order_does_not_matter_and_signs_mirror(values: np.ndarray) -> None:
    """Upper limits are lower limits of what lies on the other side."""
    low = lowest(float(values.mean()), values, -1.0, 0.05)
    assert lowest(float(values.mean()), values[::-1], -1.0, 0.05) == low
    assert highest(-float(values.mean()), -values, 1.0, 0.05) == -low


def test_a_limit_that_is_low_enough_stays() -> None:
    """Nothing is moved where unseen problems are allowed for already."""
    assert lowest(-0.5, np.zeros(164), -1.0, 0.05) == -0.5
    assert highest(0.5, np.zeros(164), 1.0, 0.05) == 0.5
    assert lowest(-1.0, np.full(3, -1.0), -1.0, 0.05) == -1.0


def test_luck_is_taken_out_of_the_spread() -> None:
    """Mean kept, variance less the luck; none where all is luck, all where none is."""
    values = np.array([0.1, 0.5, 0.9, 0.3])
    steady = without_luck(values, 0.05)
    assert steady.mean() == pytest.approx(values.mean())
    assert steady.var(ddof=1) == pytest.approx(values.var(ddof=1) - 0.05)
    assert np.array_equal(without_luck(values, 0.0), values)
    assert without_luck(values, 1.0) == pytest.approx(np.full(4, values.mean()))
    assert without_luck(np.array([0.3]), 1.0).tolist() == [0.3]
    assert without_luck(np.array([0.3, 0.5]), 1.0) == pytest.approx(np.full(2, 0.4))
    assert without_luck(np.full(3, 0.3), 1.0) == pytest.approx(np.full(3, 0.3))
