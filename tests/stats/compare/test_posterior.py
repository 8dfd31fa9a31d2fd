"""The Bayesian model: what it says is what random weights say."""

import numpy as np
import pytest

from evalsite.stats.compare.paired import Changes
from evalsite.stats.compare.posterior import credible_interval, probability_of_loss

SMALL = np.array([-1.0] * 3 + [1.0] + [0.0] * 16)


@pytest.mark.parametrize("values", [SMALL, np.linspace(-0.5, 0.3, 12), np.zeros(5)])
def test_it_is_the_mean_with_random_weights_of_the_problems_and_of_four_more(values):
    """Dirichlet(1, ..., 1) over the values and one problem of each fate."""
    every = np.append(values, [-1.0, 1.0, 0.0, 0.0])
    means = np.random.default_rng(1).dirichlet(np.ones(every.size), 40_000) @ every
    changes = Changes.of(values)
    assert probability_of_loss(changes, 0.1) == pytest.approx((means < -0.1).mean(), abs=0.01)
    interval = credible_interval(changes)
    assert (interval.low, interval.high) == pytest.approx(
        tuple(np.quantile(means, [0.025, 0.975])), abs=0.012
    )


def test_interval_and_chance_say_the_same():
    """The limit of an allowed loss is where the chance of more is what lies beyond the interval."""
    changes = Changes.of(SMALL)
    for confidence in (0.5, 0.8, 0.95):
        low = credible_interval(changes, confidence).low
        assert probability_of_loss(changes, -low) == pytest.approx((1 - confidence) / 2, abs=1e-9)


def test_luck_in_the_answers_stays_a_part_of_the_spread():
    """Luck moves the mean, too: taken out, the interval would miss an even loss in a fifth of cases."""
    values = np.array([0.2, -0.2] * 10)
    assert credible_interval(Changes.of(values, 0.04)) == credible_interval(Changes.of(values))
