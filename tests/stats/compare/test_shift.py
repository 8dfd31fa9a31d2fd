"""The shift between error classes: shares of samples, and a test that looks at the make-up only."""

import numpy as np
import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare import compare_runs, error_shift
from evalsite.stats.compare.shift import makeup_test
from tests.make import loaded_run

WHERE = (np.arange(60), np.arange(60))


def run_with(*kinds: dict[str, int]) -> LoadedRun:
    """60 problems of 4 samples, whose failures repeat the given ones."""
    failures = [kinds[index % len(kinds)] for index in range(60)]
    return loaded_run([4 - sum(kind.values()) for kind in failures], 4, failures=failures)


def test_shares_are_of_samples() -> None:
    """Every class with its counts and shares in both runs, the largest rise first."""
    shift = error_shift(
        run_with({"wrong_answer": 2}, {"timeout": 1}), run_with({"wrong_answer": 1}, {"timeout": 3}), WHERE
    )
    assert [(row.kind, row.base, row.candidate) for row in shift.classes] == [
        ("timeout", 30, 90),
        ("wrong_answer", 60, 30),
    ]
    assert shift.classes[0].change == pytest.approx(0.25)


def test_other_kinds_of_failure_are_a_shift() -> None:
    """As many failures, of another kind: found."""
    shift = error_shift(
        run_with({"wrong_answer": 2}, {"timeout": 1}), run_with({"syntax_error": 2}, {"timeout": 1}), WHERE
    )
    assert shift.p_value is not None
    assert shift.p_value < 0.001
    assert "The kinds of failure shifted (p < 0.001)" in shift.sentence


def test_more_failures_of_the_same_kinds_are_no_shift() -> None:
    """Twice as many failures in the same proportions: pass@1 tells that, this test does not."""
    shift = error_shift(
        run_with({"wrong_answer": 1}, {"timeout": 1}), run_with({"wrong_answer": 2}, {"timeout": 2}), WHERE
    )
    assert shift.p_value is not None
    assert shift.p_value > 0.5
    assert "did not shift beyond chance" in shift.sentence


def test_the_test_errs_as_rarely_as_it_says() -> None:
    """Two runs of one model differ at the 5 % level in about 5 % of cases."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(150):
        runs = []
        for _ in range(2):
            failures = [
                {"wrong_answer": int(wrong), "timeout": int(late)}
                for wrong, late in zip(rng.binomial(2, 0.4, 60), rng.binomial(2, 0.2, 60), strict=True)
            ]
            runs.append(loaded_run([4 - sum(kind.values()) for kind in failures], 4, failures=failures))
        p_value = error_shift(runs[0], runs[1], WHERE).p_value
        hits += p_value is not None and p_value < 0.05
    assert hits / 150 < 0.11


def test_too_few_kinds_to_test() -> None:
    """One class only, or no failure at all, is told instead of tested."""
    one_kind = error_shift(run_with({"timeout": 1}), run_with({"timeout": 2}), WHERE)
    assert one_kind.p_value is None
    assert one_kind.sentence == "All failures of both runs are of one kind, timeout."
    none = error_shift(run_with({}), run_with({}), WHERE)
    assert none.sentence == "Neither run has a failed sample."
    perfect = error_shift(run_with({}), run_with({"timeout": 2}, {"wrong_answer": 1}), WHERE)
    assert perfect.p_value is None
    assert (
        perfect.sentence == "The baseline has no failed sample; most failures of the candidate are timeout."
    )


def test_too_few_failures_to_tell() -> None:
    """Three failing problems say nothing of kinds, however many the other run has."""
    few = run_with({"timeout": 1}, *[{}] * 19)
    shift = error_shift(few, run_with({"wrong_answer": 2}, {"timeout": 1}), WHERE)
    assert (shift.p_value, shift.testable) == (None, "too few")
    assert shift.sentence == (
        "Too few failures to tell whether their kinds shifted (on 3 problems of the baseline and 60 of the "
        "candidate); timeout went from 100.0 % to 33.3 % of the failures."
    )


def test_the_sentence_tells_the_shares_that_were_tested() -> None:
    """Ten times the failures in one make-up: no share moved, and none is quoted as if it had."""
    shift = error_shift(
        run_with({"wrong_answer": 1}, {"timeout": 1}, *[{}] * 2),
        run_with({"wrong_answer": 4}, {"timeout": 4}),
        WHERE,
    )
    assert shift.p_value is not None
    assert shift.p_value > 0.9
    assert shift.sentence.endswith("went from 50.0 % to 50.0 % of the failures.")


MAKEUP = np.array([0.6, 0.25, 0.1, 0.05])


@pytest.mark.parametrize("n", [1, 10])
@pytest.mark.parametrize(("before", "after"), [(0.95, 0.85), (0.9, 0.5), (0.8, 0.1), (0.95, 0.0)])
def test_failing_more_often_is_not_taken_for_another_kind(before: float, after: float, n: int) -> None:
    """The level holds where the candidate fails more often with the same make-up, as bad candidates do.

    164 problems, each with a make-up of its own around the common one, in 400 simulated pairs.
    """
    rng = np.random.default_rng([n, int(100 * before), int(100 * after)])
    hits = 0
    for _ in range(400):
        rates = rng.beta(3 * before, 3 * (1 - before), 164)
        own = rng.dirichlet(3 * MAKEUP, 164)
        runs = [rng.multinomial(rng.binomial(n, 1 - r), own) / n for r in (rates, rates * after / before)]
        p_value = makeup_test(runs[0], runs[1], draws=399)
        hits += p_value is not None and p_value < 0.05
    assert hits / 400 <= 0.065 + 3 * (0.05 * 0.95 / 400) ** 0.5


def test_a_shift_is_found_although_the_candidate_fails_twice_as_often() -> None:
    """From 80 to 60 % with ten samples, and a fifth of the failures of another kind: seen nearly always."""
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(100):
        rates = rng.beta(3 * 0.8, 3 * 0.2, 164)
        ours = rng.multinomial(rng.binomial(10, 1 - rates), MAKEUP) / 10
        theirs = rng.multinomial(rng.binomial(10, 1 - 0.75 * rates), [0.4, 0.45, 0.1, 0.05]) / 10
        p_value = makeup_test(ours, theirs, draws=399)
        hits += p_value is not None and p_value < 0.05
    assert hits >= 90


def test_a_comparison_carries_it() -> None:
    """The sentence is among the notes of a comparison."""
    found = compare_runs(run_with({"wrong_answer": 2}), run_with({"syntax_error": 2}))
    assert found.shift is not None
    assert found.shift.sentence in found.notes
