"""What each of several looks may spend: published boundaries, and the promise by simulation."""

import itertools

import numpy as np
import pytest

from evalsite.stats.quantiles import normal_quantile
from evalsite.stats.sequential import (
    EARLY,
    LATE,
    LookRule,
    chance_of_decision,
    confidence_at,
    levels,
    spent,
    stops,
)

PUBLISHED = {
    (0.2, 0.4, 0.6, 0.8, 1.0): (4.8769, 3.3569, 2.6803, 2.2898, 2.0310),
    (0.5, 1.0): (2.9626, 1.9686),
    (1 / 3, 2 / 3, 1.0): (3.7103, 2.5114, 1.9930),
}
"""Fractions -> boundaries of Lan and DeMets' O'Brien-Fleming function, as ld98 and gsDesign print them."""


@pytest.mark.parametrize("fractions", PUBLISHED, ids=str)
def test_boundaries_are_the_published_ones(fractions):
    found = [normal_quantile(1 - level) for level in levels(fractions, 0.025)]
    assert found == pytest.approx(PUBLISHED[fractions], abs=2e-4)


@pytest.mark.parametrize("error", [0.005, 0.025, 0.1])
def test_all_that_is_spent_in_the_end_is_the_error_and_one_look_has_all_of_it(error):
    assert spent(1.0, error) == pytest.approx(error, abs=1e-12)
    assert levels((1.0,), error)[0] == pytest.approx(error, abs=1e-9)
    assert confidence_at((1.0,), 1 - 2 * error) == pytest.approx(1 - 2 * error, abs=1e-9)


def test_looks_together_err_as_often_as_is_spent():
    """A random walk crosses the boundaries as often as it may, whatever the fractions."""
    fractions, error = (0.3, 0.45, 0.8, 1.0), 0.05
    steps = np.diff(np.array((0.0, *fractions)))
    walk = np.cumsum(np.random.default_rng(1).normal(size=(200_000, 4)) * np.sqrt(steps), axis=1)
    bounds = np.array([normal_quantile(1 - level) for level in levels(fractions, error)])
    crossed = np.any(walk / np.sqrt(np.array(fractions)) > bounds, axis=1).mean()
    assert crossed == pytest.approx(error, abs=3 * (error / 200_000) ** 0.5)


@pytest.mark.parametrize("fractions", [(), (0.0, 1.0), (0.5, 0.4), (0.5, 0.5), (0.5, 1.1)])
def test_looks_that_do_not_ascend_are_refused(fractions):
    with pytest.raises(ValueError, match="not in an ascending order"):
        levels(fractions, 0.025)


@pytest.mark.parametrize(
    ("total", "looks"), list(itertools.product((1, 5, 20, 60, 164, 1138), (1, 2, 3, 5, 20)))
)
def test_stops_ascend_to_all_and_none_is_where_nothing_could_be_met(total, looks):
    found = stops(total, looks, 0.1)
    assert found[-1] == total
    assert 1 <= len(found) <= looks
    assert list(found) == sorted(set(found))
    assert [stop for stop in found[:-1] if 0.9**stop > spent(stop / total, 0.025)] == []
    assert [stop for stop in found[:-1] if stop < total / looks - 1] == []


def test_the_chance_of_a_decision_falls_where_time_runs_out_at_the_margin():
    at_margin = [chance_of_decision(0.0, fraction) for fraction in (0.2, 0.5, 0.8, 1.0)]
    assert at_margin == sorted(at_margin, reverse=True)
    assert at_margin[-1] == 0.0
    assert chance_of_decision(3.0, 0.5) == pytest.approx(chance_of_decision(-3.0, 0.5))
    assert chance_of_decision(3.0, 0.5) > 0.9


def test_who_is_thrifty_spends_by_a_power_and_gives_up_the_sooner_the_fewer_looks_there_are():
    """All is spent in the end here, too, and more of it early; who is not thrifty gives up as ever."""
    assert spent(1.0, 0.025, EARLY) == 0.025
    assert spent(0.25, 0.04, EARLY) == pytest.approx(0.04 / 8)
    assert spent(0.5, 0.025, EARLY) > 2 * spent(0.5, 0.025)
    assert LookRule.of(5, thrifty=False) == LookRule.of(1, thrifty=False) == LookRule(LATE, 0.1)
    shared = {looks: LookRule.of(looks, thrifty=True).give_up for looks in (1, 2, 3, 5, 20)}
    assert shared == pytest.approx({1: 0.5, 2: 0.5, 3: 1.25 / 3, 5: 0.25, 20: 0.1})
    assert LookRule.of(5, thrifty=True).spending == EARLY


def test_looks_that_spend_early_err_together_as_often_as_is_spent():
    """A random walk has crossed their boundaries by each look as often as the power says."""
    fractions, error = (1 / 3, 2 / 3, 1.0), 0.025
    bounds = np.array([normal_quantile(1 - level) for level in levels(fractions, error, EARLY)])
    steps = np.diff(np.array((0.0, *fractions)))
    walk = np.cumsum(np.random.default_rng(2).normal(size=(200_000, 3)) * np.sqrt(steps), axis=1)
    beyond = walk / np.sqrt(np.array(fractions)) > bounds
    for number, fraction in enumerate(fractions, 1):
        crossed = np.any(beyond[:, :number], axis=1).mean()
        assert crossed == pytest.approx(error * fraction**1.5, abs=3 * (error / 200_000) ** 0.5)
    assert confidence_at(fractions, 0.95, EARLY) > confidence_at(fractions, 0.95), "the end pays for it"
    assert stops(164, 3, 0.1, spending=EARLY) == (55, 110, 164)
    assert stops(164, 5, 0.1, spending=EARLY) == (52, 80, 108, 136, 164)
