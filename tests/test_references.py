"""On this machine, with the default limits: every reference solution passes, every stub fails."""

import pytest

from evalsite.datasets import load_dataset
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from evalsite.grade.preflight import preflight
from evalsite.rundir.schema import Limits

KNOWN = {
    "humaneval-plus": {("HumanEval/32", "reference")},
    "mbpp-plus": {(f"MBPP/{number}", "idle") for number in (737, 787, 794)},
}
"""What is wrong with the data sets themselves, whoever runs them: a reference solution that fails its own
tests, and tests that assert nothing, so that a function which does nothing passes.
"""


def unsound(grader, name, path=None):
    """Return what preflight finds, as (problem, kind of failure), and how many problems there are."""
    dataset = load_dataset(name, path)
    report = preflight(grader, dataset.problems)
    assert report.num_problems == len(dataset.problems)
    return {(failure.problem, failure.kind) for failure in report.failures}, report.num_problems


@pytest.fixture
def grader():
    with Grader(LocalExecutor(Limits())) as grader:
        yield grader


@pytest.mark.sandbox
def test_humaneval(grader):
    """All 164."""
    assert unsound(grader, "humaneval") == (set(), 164)


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize(
    "files",
    [
        {"mbpp-plus": ("MbppPlus-OriginFmt.jsonl.gz", 378)},
        {"humaneval-plus": ("HumanEvalPlus-OriginFmt.jsonl.gz", 164)},
        {"mbpp": ("mbpp.jsonl", 974), "mbpp-sanitized": ("sanitized-mbpp.json", 427)},
    ],
    ids=" and ".join,
)
def test_data_sets_beside_the_checkout(shared, grader, files):
    """All but what is known; slow references get the time that they need.

    Data sets that share many of their problems share a grader, which runs each program once.
    """
    found = {name: unsound(grader, name, shared / "datasets" / file) for name, (file, _) in files.items()}
    assert found == {name: (KNOWN.get(name, set()), count) for name, (_, count) in files.items()}
