"""Missing samples: what they could hide is said, and nothing is "met" that they could undo."""

import pytest

from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run


def test_nothing_is_said_where_nothing_is_missing():
    """No worst case beside a whole comparison."""
    found = compare_runs(loaded_run([10, 0], model="base"), loaded_run([10, 0]))
    assert found.missing is None
    assert not any("missing" in note for note in found.notes)


def test_the_worst_and_the_best_stand_beside_the_figures():
    """All missing of the candidate failed, of the baseline passed; and the other way round."""
    base = loaded_run([10] * 20, 10, model="base", missing=10)
    candidate = loaded_run([10] * 20, 10, missing=30)
    found = compare_runs(base, candidate).missing
    assert (found.base, found.candidate) == (10, 30)
    assert found.worst.main.value == pytest.approx(-(30 / 40) / 20)
    assert found.best.main.value == pytest.approx((10 / 20) / 20)
    assert "30 samples of the candidate and 10 samples of the baseline are missing" in found.sentence
    assert "makes 3.8 points lost, at best 2.5 points gained" in found.sentence


def test_met_needs_the_worst_case_to_be_met():
    """A run that was closed as complete with samples lost is not met where these could hide the loss."""
    base = loaded_run([10] * 40, 10, model="base")
    few, many = loaded_run([10] * 40, 10, missing=1), loaded_run([10] * 40, 10, missing=1000)
    assert compare_runs(base, few).decision == "met"
    found = compare_runs(base, many)
    assert found.numbers.by_figures == "met"
    assert found.decision == "inconclusive"
    assert "those that are missing could hide more" in found.headline


def test_missing_at_random_is_not_claimed():
    """Answers get lost where they are long: no sentence promises that nothing is biased by it."""
    found = compare_runs(loaded_run([10] * 20, 10, model="base"), loaded_run([10] * 20, 10, missing=3))
    assert not any("without bias" in note for note in found.notes)
    assert any("seldom by mere chance" in note for note in found.notes)


def test_what_is_missing_counts_the_other_way_round_too():
    """With the candidate as baseline it is the other's missing samples that may hide a loss."""
    base, candidate = loaded_run([10] * 40, 10, model="base", missing=1000), loaded_run([10] * 40, 10)
    assert compare_runs(base, candidate).mirrored_decision == "inconclusive"
    assert compare_runs(candidate, base).decision == "inconclusive"


def test_the_confidence_in_a_loss_spans_what_the_missing_would_make_of_it():
    """From the best that they could hide to the worst."""
    base, candidate = loaded_run([8] * 40, 10, model="base", missing=10), loaded_run([7] * 40, 10, missing=30)
    found = compare_runs(base, candidate)
    worst, best = found.missing.worst.excess, found.missing.best.excess
    assert found.excess == worst.joined(best)
    assert found.excess.least < found.numbers.excess.least
    assert found.excess.most > found.numbers.excess.most


def test_runs_without_a_common_problem_have_nothing_to_say():
    """The baseline is named first; no problem is unchanged, and no confidence had."""
    base = loaded_run([1] * 3, 1, model="base", task_ids=["A/1", "A/2", "A/3"])
    candidate = loaded_run([1] * 3, 1, model="other", task_ids=["B/1", "B/2", "B/3"])
    found = compare_runs(base, candidate)
    assert found.headline.startswith("base and other have no problem in common")
    assert (found.decision, found.num_unchanged, found.excess) == ("pending", 0, None)
