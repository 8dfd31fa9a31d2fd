"""All small inputs of ``../shared/cases``, each by its name: what is read, and the verdict that is right."""

import json
from collections import Counter

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Program
from evalsite.runner.reading import program_job
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
    """``also_right`` holds another one. A module that is not there has had a class of its own since."""
    verdict = judged[name][number]
    also = row.get("also_right", ())
    right = "missing_module" if "not there where" in row.get("why", "") else row["right"]
    assert verdict.verdict in (right, *([also] if isinstance(also, str) else also)), verdict.message


IMPORTS = {
    "evalplus-needs-the-prompt.json": {"passed": 3},
    "responses-need-the-prompt.jsonl": {"passed": 3},
    "evalplus-dir": {"passed": 1},
    "evalplus-raw.jsonl": {"syntax_error": 6},
    "finish-reasons.jsonl": {"truncated": 5, "syntax_error": 1},
    "null-completion.jsonl": {"passed": 5, "missing": 1},
    "extra-task.jsonl": {"passed": 6, "left out": 1},
}
"""File -> how many of its samples come to what; of any other file all six pass."""
REFUSED = {
    "HumanEval_0_plus_one.json.gz": "'HumanEval_0_plus_one' is no problem of this data set",
    "livecodebench.json": "'1' is no problem of this data set",
    "trailing-comma-array.json": "not valid JSON",
    "cut-last-line.jsonl": "cut-last-line.jsonl:6: not valid JSON",
}


FILES_TO_IMPORT = [path.name for path in sorted((CASES / "imports").iterdir())] if CASES.is_dir() else []


@pytest.mark.parametrize("name", [name for name in FILES_TO_IMPORT if name not in REFUSED])
def test_a_file_comes_to_what_is_right(shared, grader, name):
    """Its samples' verdicts, those that are missing and records left out, and what it says itself."""
    found, verdicts = verdicts_of(CASES / "imports" / name, grader)
    counts = Counter(str(verdict.verdict) for verdict in verdicts)
    counts += Counter({"missing": found.told.missing.total(), "left out": found.told.num_left_out})
    assert counts == IMPORTS.get(name, {"passed": 6})
    agree = [
        found.claims[each.problem, each.sample] == (each.verdict == "passed")
        for each in verdicts
        if found.claims
    ]
    assert not any(agree) if name.startswith("lm-eval") or "timeout" in name else all(agree)
    assert len({verdict.problem for verdict in verdicts}) == len(verdicts)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_for_what_it_lacks(shared, name):
    with pytest.raises(DatasetError) as told:
        read_file(CASES / "imports" / name, loaded(CASES / "imports" / name))
    assert REFUSED[name] in told.value.message
    assert "cut off" not in told.value.message


def test_raw_answers_pass_when_they_are_read_as_such(shared, grader):
    path = CASES / "imports" / "evalplus-raw.jsonl"
    problems = {problem.task_id: problem for problem in loaded(path).problems}
    samples = read_file(path, loaded(path), read_as="response").samples
    verdicts = [grader.submit(program_job(problems, each.completion)).result() for each in samples]
    assert [verdict.verdict for verdict in verdicts] == ["passed"] * 6


DATASETS_REFUSED = {
    "test-asserts-only.jsonl": "field `test` of Tiny/0: defines no check",
    "no-canonical.jsonl": "`canonical_solution`",
    "null-canonical.jsonl": "`canonical_solution`",
}
DATASETS = [path.name for path in sorted((CASES / "datasets").iterdir())] if CASES.is_dir() else []


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_is_read_and_its_references_pass(shared, grader, name):
    """Or it is refused for a fault of its own, which is named."""
    if name in DATASETS_REFUSED:
        with pytest.raises(DatasetError) as told:
            load_dataset("other", CASES / "datasets" / name)
        assert DATASETS_REFUSED[name] in told.value.message
        return
    problems = load_dataset("other", CASES / "datasets" / name).problems
    jobs = [
        Job(Program(problem=each.task_id, sample=0, source=each.reference, rule=""), each)
        for each in problems
    ]
    wrong = [each.problem for each in grader.grade(jobs) if each.verdict != "passed"]
    assert (len(problems), wrong) == (6, ["Tiny/3"] if name == "one-bad-reference.jsonl" else [])
