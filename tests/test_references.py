"""On this machine, with the default limits: every reference solution passes, every stub fails."""

import pytest

from evalsite.datasets import load_dataset
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from evalsite.grade.preflight import preflight
from evalsite.rundir.schema import Limits

WRONG_ITSELF = {("humaneval-plus", "HumanEval/32")}
"""Reference solutions that fail their own tests, whoever runs them."""


def unsound(name, path=None):
    """Return what preflight finds, as (data set, problem), and how many problems there are."""
    dataset = load_dataset(name, path)
    with Grader(LocalExecutor(Limits())) as grader:
        report = preflight(grader, dataset.problems)
    assert report.num_problems == len(dataset.problems)
    stubs = [failure.problem for failure in report.failures if failure.kind == "stub"]
    assert stubs == []
    return {(name, failure.problem) for failure in report.failures}, report.num_problems


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
    """All but the known one; slow references get the time that they need."""
    expected = {known for known in WRONG_ITSELF if known[0] == name}
    assert unsound(name, shared / "datasets" / file) == (expected, count)
