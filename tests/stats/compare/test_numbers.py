"""Two runs' counts in, the comparison's figures out."""

import numpy as np
import pytest

from evalsite.counts.passk import luck_at_k
from evalsite.stats.compare.numbers import Comparison, compare, compare_counts, remembering
from evalsite.stats.compare.power import Pair, lost_evenly
from evalsite.stats.compare.signflip import mcnemar
from evalsite.stats.intervals import LookConfidence
from tests.stats.compare.helpers import greedy


def test_counts_in_figures_out() -> None:
    """12 broken and 4 fixed of 164: 4.9 points lost, p = .077, within 10 points."""
    base, cand = greedy(12, 4)
    found = compare([1] * 164, base, [1] * 164, cand)
    assert found.main.value == pytest.approx(-8 / 164)
    assert found.main.p_value == mcnemar(12, 4).p_value
    assert (found.main.base, found.main.candidate) == (100 / 164, 92 / 164)
    assert found.by_figures == "met"
    assert found.num_samples == 1
    assert [difference.k for difference in found.differences] == [1]


def test_what_shows_of_an_even_loss_is_by_the_harmonic_mean_of_samples() -> None:
    """A problem of few samples adds more luck than one of many takes away."""
    rng = np.random.default_rng(3)
    base, cand = np.full(80, 10), np.repeat([5, 20], 40)
    before, after = rng.binomial(base, 0.7), rng.binomial(cand, 0.6)
    luck = float(luck_at_k(base, before, 1).mean()), float(luck_at_k(cand, after, 1).mean())
    found = compare(base, before, cand, after, ks=[1]).main
    pair = Pair(before / base, after / cand, luck, 1 / 5, 1 - 0.95)
    assert found.detectable_evenly == pytest.approx(lost_evenly(pair, 8.0))
    assert found.detectable_evenly > lost_evenly(pair, 12.5)


def test_every_common_k_is_compared() -> None:
    """Ten against three samples: k up to three; a single candidate needs no correction."""
    rng = np.random.default_rng(1)
    found = compare(np.full(50, 10), rng.binomial(10, 0.7, 50), np.full(50, 3), rng.binomial(3, 0.5, 50))
    assert [difference.k for difference in found.differences] == [1, 2, 3]
    for difference in found.differences:
        assert difference.num_tests == 1
        assert difference.p_adjusted == difference.p_value
    assert found.at(2) is found.differences[1]
    assert found.at(10) is None


def test_impossible_comparisons_are_refused() -> None:
    """Different lengths, no problem, no sample."""
    for base, cand in (([1, 1], [1]), ([], []), ([0], [1])):
        with pytest.raises(ValueError, match=r"same problems|needs 1 sample"):
            compare(base, [0] * len(base), cand, [0] * len(cand))


def test_a_look_is_not_taken_for_a_plain_comparison_at_its_confidence() -> None:
    """What is remembered answers the same question alone; a look takes luck for more."""
    rng = np.random.default_rng(5)
    n = np.full(40, 3)
    base, candidate = (n, rng.binomial(3, 0.7, 40)), (n, rng.binomial(3, 0.5, 40))
    with remembering({}):
        plain, look = (
            compare_counts(base, candidate, confidence=kind(0.975)).main.interval
            for kind in (float, LookConfidence)
        )
    assert look.high - look.low > plain.high - plain.low


def test_counts_are_those_of_another_comparison_only_where_all_are_the_same() -> None:
    """One sample more or less is another question, remembered or not."""
    n, c, fewer = np.array([2, 2, 2]), np.array([2, 1, 0]), np.array([2, 0, 0])
    known: dict[str, Comparison] = {}
    with remembering(known):
        first, again, other = (compare_counts((n, c), (n, cand)) for cand in (c, c.copy(), fewer))
    assert first is again
    assert other.main.value < first.main.value
    assert len(known) == 2
