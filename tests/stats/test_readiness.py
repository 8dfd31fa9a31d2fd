"""Readiness: one rule for both sides, with the reason."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from evalsite.rundir.identity import hash_identity, identity_leaves
from evalsite.rundir.schema import Dataset, Model
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.readiness import in_a_word, why_not_comparable, why_not_ready
from tests.make import SETTINGS, loaded_run

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


def test_a_record_cannot_say_that_more_was_asked_than_is_there() -> None:
    """A trial that calls itself whole, or a whole run whose problems were taken out, stays a part."""
    asked = Dataset(name="humaneval", sha256="0" * 64, num_problems=5)
    run = replace(loaded_run([1] * 4, 1, id="r", dataset=asked, num_problems=5), num_held=4)
    assert not run.asks_all
    assert why_not_ready(run) == "The run r asks only 4 of the 5 problems of humaneval."
    assert in_a_word(run, loaded_run([1] * 5, 1, dataset=asked)) == "4 of 5 problems"


def test_of_a_record_that_was_changed_nothing_follows() -> None:
    """Wherever a verdict is shown, and not only where a command refuses the run."""
    leaves = identity_leaves(
        Model(name="m"), SETTINGS, Dataset(name="humaneval", sha256="0" * 64, num_problems=60)
    )
    made = {"identity": hash_identity(leaves), "identity_of": leaves, "model": "m"}
    sound = loaded_run([1] * 60, 1, id="sound", **made)
    colder = structs.replace(SETTINGS, temperature=0.0)
    changed = loaded_run([1] * 60, 1, id="changed", settings=colder, **made)
    reason = "changed: The run's record was changed after the run began: settings.temperature 0.2 -> 0.0."
    assert (why_not_ready(sound), why_not_ready(changed)) == ("", reason)
    assert compare_runs(sound, loaded_run([1] * 60, 1, id="other")).decision == "met"
    for found in (compare_runs(sound, changed), compare_runs(changed, sound)):
        assert (found.decision, found.pending) == ("pending", reason)
    assert in_a_word(changed, sound) == "record changed"


def test_of_tests_that_are_others_by_now_nothing_follows() -> None:
    """The verdicts answer to what stood there before."""
    run = replace(loaded_run([1] * 4, 1, id="r"), retested=("HumanEval/1",))
    assert why_not_ready(run) == "r: The run's record was changed after the run began: tests of HumanEval/1."
