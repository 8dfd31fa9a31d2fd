"""Ranks as intervals."""

import numpy as np
import pytest

from evalsite.stats.compare.paired import Changes, interval_p_value
from evalsite.stats.compare.ranks import rank_intervals

SURE, OPEN = 1e-6, 0.4


def test_a_rank_begins_behind_the_better_and_ends_before_the_worse():
    """Two that cannot be told apart share their ranks."""
    pairs = {
        ("a", "b"): (-0.2, SURE),
        ("a", "c"): (-0.25, SURE),
        ("b", "c"): (-0.05, OPEN),
        ("d", "a"): (0.3, SURE),
    }
    found = rank_intervals("abcd", pairs)
    assert found == {"a": (1, 1), "b": (2, 4), "c": (2, 4), "d": (2, 4)}


def test_what_was_not_compared_is_not_told_apart():
    """Nor is a pair with somebody else."""
    assert rank_intervals("ab", {}) == {"a": (1, 2), "b": (1, 2)}
    assert rank_intervals("ab", {("a", "x"): (-0.5, SURE)}) == {"a": (1, 2), "b": (1, 2)}
    assert rank_intervals("a", {}) == {"a": (1, 1)}


def test_pairs_are_corrected_together():
    """Holm's: 0.02 is told apart alone, and not among three."""
    assert rank_intervals("ab", {("a", "b"): (-0.1, 0.02)})["a"] == (1, 1)
    pairs = {("a", "b"): (-0.1, 0.02), ("a", "c"): (-0.1, 0.5), ("b", "c"): (0.1, 0.5)}
    assert rank_intervals("abc", pairs)["a"] == (1, 3)


def test_all_true_ranks_are_inside_in_nearly_all_of_the_time():
    """Five models on 100 problems, of which two are equally good: 95 of 100 times, or oftener."""
    rng = np.random.default_rng(3)
    truths, held = [0.8, 0.7, 0.7, 0.6, 0.45], 0
    for _ in range(60):
        ease = rng.uniform(-0.2, 0.2, 100)
        scores = [(rng.random(100) < truth + ease).astype(float) for truth in truths]
        pairs = {
            (str(i), str(j)): ((change := scores[j] - scores[i]).mean(), interval_p_value(Changes.of(change)))
            for i in range(5)
            for j in range(i + 1, 5)
        }
        found = rank_intervals("01234", pairs)
        best, worst = [1, 2, 2, 4, 5], [1, 3, 3, 4, 5]
        held += all(found[str(k)][0] <= best[k] and worst[k] <= found[str(k)][1] for k in range(5))
    assert held >= 56
    assert rank_intervals("0", {})["0"] == pytest.approx((1, 1))
