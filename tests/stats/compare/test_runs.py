"""Comparing two runs: the verdict, and what is told with it, on data whose answer is known."""

import numpy as np
import pytest

from evalsite.stats.compare.numbers import difference
from evalsite.stats.compare.runs import compare_all, compare_runs
from evalsite.stats.decision import decide
from evalsite.stats.intervals import Interval
from tests.make import loaded_run
from tests.stats.compare.helpers import greedy


@pytest.mark.parametrize(
    ("low", "high", "decision"),
    [
        (-0.09, 0.01, "met"),
        (-0.2, -0.11, "missed"),
        (-0.2, -0.05, "inconclusive"),
        (0.1, 0.2, "met"),
        (-0.105, 0.0, "inconclusive"),
        (-0.2, -0.10, "inconclusive"),
        (-0.10, 0.0, "inconclusive"),
    ],
)
def test_the_decision_is_where_the_interval_lies(low: float, high: float, decision: str) -> None:
    """Wholly inside the margin, wholly outside, or neither."""
    assert decide(0.0, Interval(low, high, 0.95, "any"), -0.10) == decision


def test_only_common_problems_are_compared_and_the_others_are_named() -> None:
    """Problems of one run only, and those without samples in one, are left out and named."""
    base = loaded_run([1, 1, 0, 1], 1, task_ids=["a", "b", "c", "d"])
    cand = loaded_run([0, 1, 0, 1], [0, 1, 1, 1], task_ids=["b", "c", "d", "e"])
    found = compare_runs(base, cand)
    assert found.numbers is not None
    assert found.numbers.num_problems == 2
    assert found.left_out == ("a", "b", "e")
    assert "3 problems without samples in both runs were left out (a, b and e)." in found.notes


def test_nothing_in_common() -> None:
    """Two runs over different problems cannot be compared, and the headline says so."""
    found = compare_runs(loaded_run([1], 1, task_ids=["a"], model="base"), loaded_run([1], 1, task_ids=["b"]))
    assert found.numbers is None
    assert "nothing to compare" in found.headline


def test_unequal_and_missing_samples_are_told() -> None:
    """Ten against three samples with one missing: estimated all the same, and said."""
    found = compare_runs(loaded_run([5] * 9, 10, model="base"), loaded_run([1] * 9, [2] + [3] * 8, missing=1))
    assert (
        "Unequal samples: the baseline has 10 samples of each problem and the candidate has 3 samples of "
        "each problem; pass@k is estimated without bias from either." in found.notes
    )
    assert any(note.startswith("1 sample of the candidate is missing") for note in found.notes)


def test_several_candidates_are_corrected_together() -> None:
    """Two candidates against one baseline: each p-value both ways."""
    base, first = greedy(6, 0)
    _, second = greedy(10, 2)
    found = compare_all(loaded_run(base, 1), [loaded_run(first, 1), loaded_run(second, 1)])
    numbers = [one.numbers.main for one in found if one.numbers]
    assert [round(one.p_value, 3) for one in numbers] == [0.031, 0.039]
    assert [round(one.p_adjusted, 4) for one in numbers] == [0.0625, 0.0625]
    assert "but not among so many" in found[0].notes[0]


def test_candidates_are_corrected_for_each_k_alone() -> None:
    """A candidate with fewer samples takes part in the families that it has a test in."""
    base = loaded_run([6] * 30, 10)
    ten, three = loaded_run([5] * 29 + [9], 10, model="ten"), loaded_run([1] * 29 + [3], 3, model="three")
    first, second = (one.numbers for one in compare_all(base, [ten, three]))
    assert first is not None
    assert second is not None
    assert [difference.num_tests for difference in second.differences] == [2, 2, 2]
    assert [first_k.num_tests for first_k in first.differences] == [2, 2, 2, 1, 1]


def test_a_difference_alone_is_one_test_and_tells_what_several_samples_could_find() -> None:
    """An even loss is only told of where a problem has more samples than k, and for pass@1."""
    one, two = np.ones(30, dtype=np.int64), np.full(30, 2)
    single = difference((one, one), (one, np.arange(30) % 2), 1)
    assert (single.num_tests, single.p_adjusted, single.detectable_evenly) == (1, single.p_value, None)
    assert single.detectable is not None
    both = (two, np.arange(30) % 3), (two, np.arange(1, 31) % 3)
    assert difference(*both, 1).detectable_evenly is not None
    assert difference(*both, 2).detectable_evenly is None


def test_what_is_kept_is_the_candidates_share_of_the_baselines() -> None:
    """And not the other way round; with the limits of the same counts."""
    found = compare_runs(loaded_run([8] * 40, 10, model="base"), loaded_run([6] * 40, 10))
    assert found.recovery is not None
    assert found.recovery.value == pytest.approx(0.75)
    assert found.recovery.interval.low < 0.75 < found.recovery.interval.high <= 1.0


def test_the_probability_of_a_loss_is_that_of_what_changed() -> None:
    """In shares of samples, whatever their number: the same losses in one and in ten samples of a problem."""
    passes, fewer = [1] * 30 + [0] * 10, [0] * 6 + [1] * 24 + [0] * 10
    one = compare_runs(loaded_run(passes, 1, model="base"), loaded_run(fewer, 1))
    ten = compare_runs(
        loaded_run([10 * each for each in passes], 10, model="base"),
        loaded_run([10 * each for each in fewer], 10),
    )
    assert one.probability is not None
    assert 0.5 < one.probability < 1.0
    assert ten.probability == pytest.approx(one.probability)
