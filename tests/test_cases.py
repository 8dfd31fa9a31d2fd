"""All small inputs of ``../shared/cases``, each by its name: what is read, and the verdict that is right."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.formats.reading import read_file
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits
from evalsite.runner.grade import program_job
from tests.conftest import SHARED

CASES = SHARED / "cases"
TINY = ("tiny", "tiny.jsonl")
SETS = {"eq-solutions": ("eq", "eq-dataset.jsonl"), "case-ids": ("caseids", "datasets/case-ids.jsonl")}

pytestmark = pytest.mark.sandbox


def cases_of(name):
    """(file, number, row) of each row of a file that says what is right."""
    rows = [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]
    return [pytest.param(name, n, row, id=f"{row['case']}") for n, row in enumerate(rows)]


ANSWERS = ("failing-responses", "responses-that-pass", "responses-by-design", "completions", "solutions")
FILES = [*(f"answers/{name}.jsonl" for name in ANSWERS), "eq-solutions.jsonl"]
ROWS = [case for name in FILES for case in cases_of(name)] if CASES.is_dir() else []


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(Limits(), workers=1)) as grader:
        yield grader


def loaded(path):
    """The data set that a file of samples is for."""
    if "need" in path.name:
        return load_dataset("humaneval")
    name, data = SETS.get(path.stem, TINY)
    return load_dataset(name, CASES / data)


def verdicts_of(path, grader):
    """(problem, sample) -> verdict, of a whole file, in its order."""
    dataset = loaded(path)
    problems = {problem.task_id: problem for problem in dataset.problems}
    found = read_file(path, dataset)
    jobs = [program_job(problems, sample.completion) for sample in found.samples]
    verdicts = [grader.submit(job) for job in jobs]
    return found, [future.result() for future in verdicts]


@pytest.fixture(scope="module")
def judged(shared, grader):
    """File -> the verdicts of its rows."""
    return {name: verdicts_of(CASES / name, grader)[1] for name in FILES}


@pytest.mark.parametrize(("name", "number", "row"), ROWS)
def test_an_answer_gets_the_verdict_that_is_right(judged, name, number, row):
    """``also_right`` holds another one."""
    verdict = judged[name][number]
    also = row.get("also_right", ())
    assert verdict.verdict in (row["right"], *([also] if isinstance(also, str) else also)), verdict.message
