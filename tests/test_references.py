"""On this machine, with the default limits: every reference solution passes, every stub fails."""

import pytest

from evalsite.datasets import cruxeval, load_dataset
from evalsite.datasets.records import read_records
from evalsite.datasets.shapes import read_entry
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
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


@pytest.mark.sandbox
@pytest.mark.parametrize("direction", [cruxeval.OUTPUT, cruxeval.INPUT], ids=["output", "input"])
def test_predictions(shared, grader, direction):
    """Every twentieth of CRUXEval's; ``bench/kinds.py`` tries all."""
    rows = list(read_records(shared / "datasets" / "cruxeval.jsonl.gz"))
    assert len(rows) == 800
    problems = [read_entry(*row, direction).problem for row in rows[::20]]
    report = preflight(grader, problems)
    assert (report.num_problems, report.failures) == (40, ())


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("file", "count"), [("SingleLineInfilling", 1033), ("RandomSpanInfillingLight", 164)]
)
def test_infilling(shared, grader, file, count):
    """Every twentieth gap; ``bench/kinds.py`` tries all."""
    problems = load_dataset(file, shared / "datasets" / f"HumanEval-{file}.jsonl.gz").problems
    assert (len(problems), {problem.kind for problem in problems}) == (count, {"infill"})
    report = preflight(grader, problems[::20])
    assert (report.num_problems, report.failures) == (len(problems[::20]), ())
