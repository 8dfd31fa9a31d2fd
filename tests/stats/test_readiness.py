"""Readiness: one rule for both sides, with the reason."""

from typing import Any

import pytest

from evalsite.rundir.schema import Dataset
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.readiness import why_not_comparable, why_not_ready
from tests.make import loaded_run

OTHER = Dataset(name="humaneval", sha256="1" * 64, num_problems=4)
MBPP = Dataset(name="mbpp", sha256="1" * 64, num_problems=4)


@pytest.mark.parametrize(
    ("changes", "missing", "reason"),
    [
        ({}, 0, ""),
        ({"status": "running"}, 3, "The run r has not ended."),
        ({"status": "incomplete"}, 3, "The run r is incomplete: 3 samples missing."),
        ({"status": "interrupted"}, 1, "The run r is interrupted: 1 sample missing."),
        ({"num_problems": 3}, 0, "The run r asks only 3 of the 4 problems of humaneval."),
    ],
)
def test_what_a_run_lacks_is_said(changes: dict[str, Any], missing: int, reason: str) -> None:
    """Also to whoever compares it, on whichever side it stands; the figures are still there."""
    run, whole = (
        loaded_run([1] * 4, 1, missing=missing, id="r", **changes),
        loaded_run([1] * 4, 1, id="whole"),
    )
    assert why_not_ready(run) == reason
    for found in (compare_runs(run, whole), compare_runs(whole, run)):
        assert found.pending == reason
        assert (found.decision == "pending") is bool(reason)
        assert found.numbers is not None
        assert reason in found.headline
        assert found.headline.startswith("On all 4 problems, pass@1 went from 100.0 %")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "a"}, "Both are one and the same run, a."),
        (
            {"dataset": OTHER},
            "a and b were asked different problems under the name humaneval (000000 and 111111).",
        ),
        ({"dataset": MBPP}, "a was asked humaneval, and b mbpp."),
    ],
)
def test_two_runs_of_one_data_set_are_compared(changes: dict[str, Any], reason: str) -> None:
    """Whatever else shares its problems' names is no comparison."""
    base, candidate = loaded_run([1] * 4, 1, id="a"), loaded_run([1] * 4, 1, **{"id": "b", **changes})
    assert why_not_comparable(base, candidate) == reason
    found = compare_runs(base, candidate)
    assert (found.decision, found.mirrored_decision) == ("pending", "pending")


def test_how_many_problems_of_how_many_stands_first() -> None:
    """Ten problems of 164 are not the data set."""
    whole = Dataset(name="humaneval", sha256="0" * 64, num_problems=164)
    part = loaded_run([1] * 10, 1, id="part", dataset=whole)
    found = compare_runs(loaded_run([1] * 164, 1, id="all"), part)
    assert found.headline.startswith("On 10 of 164 problems, pass@1 went from")
    assert found.total_problems == 164
    assert found.decision == "pending"
