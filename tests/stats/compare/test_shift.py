"""The shift between error classes: shares of samples, and a test that looks at the make-up only."""

from itertools import product

import numpy as np
import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.shift import _testable, error_shift, makeup_test
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


def test_a_problem_weighs_by_the_shares_of_its_samples() -> None:
    """However many it has of them, in either run."""
    rng = np.random.default_rng(3)
    runs, shares = [], []
    for _ in range(2):
        n = rng.integers(2, 30, 60)
        wrong, late = rng.binomial(n, 0.4), rng.binomial(n, 0.1)
        late = np.minimum(late, n - wrong)
        kinds = [{"timeout": int(b), "wrong_answer": int(a)} for a, b in zip(wrong, late, strict=True)]
        runs.append(loaded_run((n - wrong - late).tolist(), n.tolist(), failures=kinds))
        shares.append(np.stack([late, wrong], axis=1) / n[:, np.newaxis])
    assert error_shift(*runs, WHERE).p_value == makeup_test(*shares)
    assert error_shift(*runs[::-1], WHERE).p_value == makeup_test(*shares[::-1])


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


def made_up(seed: int, size: int = 14, classes: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Shares of failures of two runs, every problem failing in both."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, 9, (size, classes)) / 16, rng.integers(1, 9, (size, classes)) / 16


@pytest.mark.parametrize("seed", range(5))
def test_of_two_classes_it_is_an_enumeration_of_all_signs(seed: int) -> None:
    """Of what each problem adds to the difference between the first class's shares of all failures."""
    ours, theirs = made_up(seed)
    share = (ours + theirs)[:, 0].sum() / (ours + theirs).sum()
    pulls = (theirs[:, 0] - theirs.sum(axis=1) * share) / theirs.sum()
    pulls -= (ours[:, 0] - ours.sum(axis=1) * share) / ours.sum()
    observed = theirs[:, 0].sum() / theirs.sum() - ours[:, 0].sum() / ours.sum()
    assert pulls.sum() == pytest.approx(observed)
    sums = np.abs(np.array(list(product((-1, 1), repeat=14))) @ pulls)
    exact = np.mean(sums >= abs(observed) - 1e-12)
    assert makeup_test(ours, theirs) == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("classes", [2, 3])
def test_neither_order_nor_direction_nor_sound_problems_change_it(classes: int) -> None:
    """The same draws, whatever stands first; problems without a failure say nothing of failures."""
    ours, theirs = made_up(1, 30, classes)
    found = makeup_test(ours, theirs)
    nothing = np.zeros((10, classes))
    assert 0.0 < found < 1.0
    assert makeup_test(theirs, ours) == found
    assert makeup_test(ours[::-1], theirs[::-1]) == found
    assert makeup_test(np.vstack([nothing, ours]), np.vstack([nothing, theirs])) == found


def test_classes_that_all_have_enough_stand_alone() -> None:
    """And what has not is one with the next."""
    ours, theirs = made_up(2, 40, 3)
    assert [each.shape for each in _testable(ours, theirs)] == [(40, 3), (40, 3)]
    rare = np.column_stack([ours, np.repeat([1 / 160, 0.0], [1, 39])])
    folded = _testable(rare, np.column_stack([theirs, np.zeros(40)]))
    assert [each.shape for each in folded] == [(40, 3), (40, 3)]
    assert folded[0].sum() == pytest.approx(rare.sum())


def test_problems_count_by_their_shares_of_samples() -> None:
    """However many samples there are of each, in either run."""
    failures, n = [{"wrong_answer": 2, "timeout": 1}, {"timeout": 3}], [4, 8]
    base = loaded_run([1, 5] * 30, n * 30, failures=failures * 30)
    candidate = loaded_run([5, 9] * 30, [8, 12] * 30, failures=failures * 30)
    counts = np.tile([[2.0, 1.0], [0.0, 3.0]], (30, 1))[:, ::-1]
    shares = [counts / np.tile(each, 30)[:, np.newaxis] for each in (n, [8, 12])]
    assert error_shift(base, candidate, WHERE).p_value == makeup_test(*shares)
