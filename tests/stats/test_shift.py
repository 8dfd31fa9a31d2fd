"""The shift between error classes: shares of samples, and a test that looks at the make-up only."""

import numpy as np
import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare import compare_runs, error_shift
from tests.stats.facts import make_run

WHERE = (np.arange(60), np.arange(60))


def run_with(*kinds: dict[str, int]) -> LoadedRun:
    """60 problems of 4 samples, whose failures repeat the given ones."""
    failures = [kinds[index % len(kinds)] for index in range(60)]
    return make_run([4 - sum(kind.values()) for kind in failures], 4, failures=failures)


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
            runs.append(make_run([4 - sum(kind.values()) for kind in failures], 4, failures=failures))
        p_value = error_shift(runs[0], runs[1], WHERE).p_value
        hits += p_value is not None and p_value < 0.05
    assert hits / 150 < 0.11


def test_too_few_kinds_to_test() -> None:
    """One class only, or no failure at all, is told instead of tested."""
    one_kind = error_shift(run_with({"timeout": 1}), run_with({"timeout": 2}), WHERE)
    assert one_kind.p_value is None
    assert "too few kinds" in one_kind.sentence
    none = error_shift(run_with({}), run_with({}), WHERE)
    assert none.sentence == "Neither run has a failed sample."


def test_a_comparison_carries_it() -> None:
    """The sentence is among the notes of a comparison."""
    found = compare_runs(run_with({"wrong_answer": 2}), run_with({"syntax_error": 2}))
    assert found.shift is not None
    assert found.shift.sentence in found.notes
