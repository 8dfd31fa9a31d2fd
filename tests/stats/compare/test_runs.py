"""Comparing two runs: the verdict, the flips, and the sentences, on data whose answer is known."""

import re

import numpy as np
import pytest

from evalsite.counts.passk import luck_at_k
from evalsite.stats.compare import (
    compare,
    compare_all,
    compare_runs,
    find_flips,
    flips_sentence,
    grouped,
    mcnemar,
)
from evalsite.stats.compare.power import Pair, lost_evenly
from evalsite.stats.decision import decide
from evalsite.stats.intervals import Interval
from tests.make import loaded_run


def greedy(broken: int, fixed: int, solved: int = 100, size: int = 164) -> tuple[list[int], list[int]]:
    """Passes of two greedy runs with this many problems broken and fixed."""
    base = [1] * solved + [0] * (size - solved)
    cand = [0] * broken + base[broken : size - fixed] + [1] * fixed
    return base, cand


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


def test_impossible_comparisons_are_refused() -> None:
    """Different lengths, no problem, no sample."""
    for base, cand in (([1, 1], [1]), ([], []), ([0], [1])):
        with pytest.raises(ValueError, match=r"same problems|needs 1 sample"):
            compare(base, [0] * len(base), cand, [0] * len(cand))


def test_sentences_of_a_loss_within_the_margin() -> None:
    """A reader without statistics learns figure, certainty, verdict and flips."""
    base, cand = greedy(3, 1)
    found = compare_runs(loaded_run(base, 1, model="fp8"), loaded_run(cand, 1, model="ternary"))
    assert found.headline == (
        "On all 164 problems, pass@1 went from 61.0 % (fp8) to 59.8 % (ternary): 1.2 points lost. "
        "With 95 % confidence it lost no more than 4.3 points, which is inside the allowed 10 points."
    )
    assert (
        "3 problems that the baseline solves broke (HumanEval/0, HumanEval/1 and HumanEval/2)"
        in found.notes[2]
    )
    assert found.notes[0] == "Confidence that more than the allowed 10 points were lost: less than 0.1 %."
    assert found.notes[3] == "160 of 164 problems kept their share of passes exactly."
    assert "1 problem that it does not solve got fixed (HumanEval/163)" in found.notes[2]
    assert "no difference is shown (exact McNemar test, p = 0.62)" in found.notes[1]
    assert found.reservations == ()


def test_sentences_of_a_loss_beyond_the_margin() -> None:
    """The least that was lost is what counts."""
    base, cand = greedy(60, 2)
    found = compare_runs(loaded_run(base, 1, model="base"), loaded_run(cand, 1))
    assert found.numbers is not None
    assert found.decision == "missed"
    assert "it lost at least 2" in found.headline
    assert "more than the allowed 10 points" in found.headline
    assert found.notes[0].endswith(" were lost: more than 99.9 %.")
    assert "more than chance explains" in found.notes[1]


def test_sentences_of_an_open_question_say_what_would_settle_it() -> None:
    """An inconclusive comparison names the samples or the problems that it takes."""
    base, cand = greedy(20, 10)
    found = compare_runs(loaded_run(base, 1, model="base"), loaded_run(cand, 1))
    assert found.numbers is not None
    assert found.decision == "inconclusive"
    assert "cannot tell whether the loss is inside the allowed 10 points" in found.headline
    (advice,) = [note for note in found.notes if note.startswith("What would settle it: about ")]
    assert found.numbers.needed is not None
    assert advice == found.numbers.needed.sentence
    sampled = compare_runs(loaded_run([6] * 30, 10, model="base"), loaded_run([5] * 30, 10))
    assert sampled.numbers is not None


def test_luck_in_the_answers_is_told_apart_from_the_problems() -> None:
    """As a share with its limits, and what more samples or problems would do: figures, no second advice."""
    rng = np.random.default_rng(2)
    noisy = compare_runs(
        loaded_run(rng.binomial(4, 0.6, 164).tolist(), 4), loaded_run(rng.binomial(4, 0.5, 164).tolist(), 4)
    )
    (told,) = [note for note in noisy.notes if "is luck in the answers" in note]
    assert re.fullmatch(
        r"About (8\d|9\d|100) % of the uncertainty \(\d\d to 100 %\) is luck in the answers, the rest the "
        r"choice of problems: 10 times the samples would make the interval \d\d to 68 % narrower, 10 times "
        r"the problems 68 %\.",
        told,
    )
    split = compare_runs(loaded_run([4] * 164, 4), loaded_run([4] * 140 + [0] * 24, 4))
    assert any(note.startswith("About 0 % of the uncertainty (0 %) is luck") for note in split.notes)


def test_a_share_of_luck_that_is_hardly_known_is_given_by_its_limits_alone() -> None:
    """20 problems of two answers tell next to nothing of it."""
    rng = np.random.default_rng(0)
    rates = rng.beta(2.1, 0.9, 20)
    few = compare_runs(
        loaded_run(rng.binomial(2, rates).tolist(), 2), loaded_run(rng.binomial(2, rates).tolist(), 2)
    )
    assert any(
        note.startswith("Anything from 0 to 100 % of the uncertainty may be luck in the answers")
        for note in few.notes
    )


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


def test_a_second_run_of_the_baseline_gives_the_noise_floor() -> None:
    """The candidate's flips stand beside those of the baseline against itself."""
    base, cand = greedy(5, 2)
    _, repeat = greedy(5, 2)
    found = compare_runs(
        loaded_run(base, 1, model="base"), loaded_run(cand, 1), repeat=loaded_run(repeat, 1, id="second")
    )
    assert found.noise_floor is not None
    assert (found.noise_floor.broken, found.noise_floor.fixed) == (5, 2)
    assert found.noise_floor.value == pytest.approx(-3 / 164)
    assert found.noise_floor.repeat_id == "second"
    assert any("flipped 7 problems (5 broken, 2 fixed)" in note for note in found.notes)


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


def test_flips_come_in_order_of_the_change() -> None:
    """Largest loss first, largest gain last; equal changes in the data set's order."""
    flips = find_flips(list("abcde"), ([2] * 5, [2, 2, 1, 0, 1]), ([4] * 5, [0, 3, 2, 4, 1]))
    assert [(flip.task_id, flip.kind) for flip in flips] == [
        ("a", "broken"),
        ("b", "worse"),
        ("e", "broken"),
        ("d", "fixed"),
    ]
    assert flips[0].change == -1.0


def test_lists_of_flips_begin_with_the_largest_change() -> None:
    """Losses and gains alike; what could be luck is a list of its own."""
    base, cand = ([10] * 7, [10, 8, 10, 0, 4, 0, 9]), ([10] * 7, [0, 4, 4, 6, 5, 10, 8])
    groups = grouped(find_flips(list("abcdefg"), base, cand))
    assert [(group, [flip.task_id for flip in found]) for group, found in groups.items()] == [
        ("broken", ["a", "c"]),
        ("broken-perhaps", ["b"]),
        ("fixed", ["f", "d"]),
        ("fixed-perhaps", ["e"]),
        ("worse", ["g"]),
    ]


def test_few_answers_set_no_problem_apart() -> None:
    """Where no change at all could be told from luck, there is nothing to be told apart; and it is said."""
    flips = find_flips(list("ab"), ([3, 3], [3, 0]), ([3, 3], [0, 2]))
    assert list(grouped(flips)) == ["broken", "fixed"]
    assert flips_sentence(flips).endswith(
        "with so few answers to a problem, no single one can be told from luck."
    )
    assert "luck" not in flips_sentence(find_flips(list("ab"), ([1, 1], [1, 0]), ([1, 1], [0, 1])))


def test_flips_stand_beside_those_of_luck_alone() -> None:
    """Two runs of ten samples: how many broke, how many luck would break, and which can be told from it."""
    base = loaded_run([10] * 30 + [5] * 30 + [0] * 4, 10)
    cand = loaded_run([0] * 2 + [10] * 28 + [5] * 26 + [3] * 4 + [0] * 4, 10)
    found = compare_runs(base, cand)
    assert found.luck is not None
    sentence = found.notes[1]
    assert sentence.startswith(
        "6 problems that the baseline solves at least half of the time broke, where luck "
    )
    assert f"alone would break about {found.luck.broken:.0f} (" in sentence
    assert "2 are told from luck, p < 0.05 each (HumanEval/0 and HumanEval/1), 4 could be luck (" in sentence
    assert compare_runs(loaded_run([1, 0], 1), loaded_run([0, 1], 1)).luck is None


def test_no_flip_is_told_as_such() -> None:
    """An empty list is an answer too."""
    assert flips_sentence(()).startswith("No problem changed sides")
