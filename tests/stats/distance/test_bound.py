"""The lower bound of a divergence, held against what full distributions give."""

import math

import numpy as np
import pytest

from evalsite.stats.distance.bound import divergence

KNOWN = [
    ({"a": 0.5, "b": 0.5}, {"a": 0.25, "b": 0.75}, 0.5 * math.log(2) + 0.5 * math.log(2 / 3), 0.0),
    ({"a": 0.5}, {"a": 0.5}, 0.0, 0.5),
    ({"a": 0.9}, {"a": 0.6}, 0.9 * math.log(1.5) + 0.1 * math.log(0.1 / 0.4), 0.1),
]


@pytest.mark.parametrize(("p", "q", "kl", "rest"), KNOWN)
def test_without_tokens_that_one_side_names_alone_it_is_that_of_one_bin(p, q, kl, rest):
    """Which can be worked out by hand."""
    assert divergence(p, q) == pytest.approx((kl, rest), abs=1e-5)


def test_it_is_the_least_of_all_that_is_possible():
    """Of every way to share out what nobody named, on a grid: P's 0.1 over c, d and others, Q's 0.1 over a
    and others.
    """
    p, q = {"a": 0.9}, {"c": 0.8, "d": 0.1}
    steps = np.linspace(1e-4, 0.1 - 1e-4, 200)
    x, of_c = steps[:, None, None], steps[None, :, None]
    of_d = (0.1 - of_c) * np.linspace(0.001, 0.999, 200)[None, None, :]
    other = 0.1 - of_c - of_d
    possible = (
        0.9 * np.log(0.9 / x)
        + of_c * np.log(of_c / 0.8)
        + of_d * np.log(of_d / 0.1)
        + other * np.log(other / (0.1 - x))
    )
    assert divergence(p, q)[0] == pytest.approx(possible.min(), rel=2e-3)
    assert divergence(p, q)[0] < possible.min()


def full(far, seed, size=400):
    """Two distributions over a vocabulary, as far apart as ``far`` says; shape (size,) each."""
    draw = np.random.default_rng(seed)
    scores = 3 * draw.normal(size=size)
    p, q = np.exp(scores), np.exp(scores + far * draw.normal(size=size))
    return p / p.sum(), q / q.sum()


def named(values, number):
    return {f"t{place}": float(values[place]) for place in np.argsort(-values)[:number]}


def with_one_bin(p, q):
    """The bound of a single bin for all that not both name."""
    both = p.keys() & q.keys()
    ours, theirs = (max(1e-6, 1 - sum(side[token] for token in both)) for side in (p, q))
    return sum(p[token] * math.log(p[token] / q[token]) for token in both) + ours * math.log(ours / theirs)


@pytest.mark.parametrize("far", [0.01, 0.3, 1.0, 3.0, 8.0])
@pytest.mark.parametrize("number", [2, 5, 20, 100, 400])
def test_it_never_exceeds_the_exact_divergence_nor_falls_behind_one_bin(far, number):
    """From weights that are nearly the same to broken ones, and from two tokens that are named to all."""
    rows = []
    for seed in range(8):
        p, q = full(far, seed)
        exact = float(np.sum(p * np.log(p / q)))
        short = named(p, number), named(q, number)
        rows.append((with_one_bin(*short), divergence(*short)[0], exact))
    one_bin, bound, exact = np.array(rows).T
    assert np.max(bound - exact) < 2e-5 * (1 + exact.max())
    assert np.min(bound - one_bin) > -2e-5 * (1 + exact.max())
    if number == 400:
        assert bound == pytest.approx(exact, rel=1e-3, abs=1e-4)


def test_it_grows_with_the_tokens_that_are_named():
    """Of a broken model it misses less than half of what one bin misses."""
    p, q = full(8.0, 1)
    bounds = [divergence(named(p, number), named(q, number))[0] for number in (5, 20, 100, 200)]
    exact = float(np.sum(p * np.log(p / q)))
    assert bounds == sorted(bounds)
    assert exact - bounds[2] < (exact - with_one_bin(named(p, 100), named(q, 100))) / 2


ODD = [
    ({"a": 1.0}, {"b": 1.0}),
    ({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0}),
    ({"a": 0.7, "b": 0.7}, {"c": 0.9}),
    ({}, {"a": 0.5}),
    ({"a": 0.5}, {}),
    ({"\ufffd": 0.9, "a": 0.1}, {"\ufffd": 0.1, "b": 0.9}),
]


@pytest.mark.parametrize(("p", "q"), ODD, ids=str)
def test_whatever_servers_say_it_is_a_number(p, q):
    """Nothing, nothing alike, probabilities of none and of more than one."""
    kl, rest = divergence(p, q)
    assert 0 <= kl < 30
    assert 0 <= rest <= 1


def test_bytes_that_are_no_text_are_nobodys_token():
    """Many tokens are spelled so: that both name one says nothing."""
    assert divergence({"\ufffd": 0.9, "a": 0.1}, {"\ufffd": 0.5, "a": 0.5}) == divergence(
        {"a": 0.1}, {"a": 0.5}
    )
