"""The sentences of a comparison, in words for somebody who knows no statistics."""

import re

import numpy as np

from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run
from tests.stats.compare.helpers import greedy


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
