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


def unsound(name, path=None):
    """Return what preflight finds, as (problem, kind of failure), and how many problems there are."""
    dataset = load_dataset(name, path)
    with Grader(LocalExecutor(Limits())) as grader:
        report = preflight(grader, dataset.problems)
    assert report.num_problems == len(dataset.problems)
    return {(failure.problem, failure.kind) for failure in report.failures}, report.num_problems


@pytest.mark.sandbox
def test_humaneval():
    """All 164."""
    assert unsound("humaneval") == (set(), 164)


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("mbpp", "mbpp.jsonl", 974),
        ("mbpp-sanitized", "sanitized-mbpp.json", 427),
        ("humaneval-plus", "HumanEvalPlus-OriginFmt.jsonl.gz", 164),
        ("mbpp-plus", "MbppPlus-OriginFmt.jsonl.gz", 378),
    ],
)
def test_data_sets_beside_the_checkout(shared, name, file, count):
    """All but what is known; slow references get the time that they need."""
    assert unsound(name, shared / "datasets" / file) == (KNOWN.get(name, set()), count)
