"""Data sets in other languages: what is wrong with their problems is known, and stops nobody else."""

import json

import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.catalogue.multilingual import MULTILINGUAL
from evalsite.errors import SandboxError
from evalsite.grading.preflight import PreflightFailure, PreflightReport
from evalsite.rundir.schema import Dataset, Verdict
from evalsite.runner import trial
from tests.languages.judged import lacking

UNJUDGED = {name: known.unjudged for name, known in MULTILINGUAL.items() if known.unjudged}


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_cannot_be_judged_is_a_problem_of_the_data_set(name, shared, monkeypatch):
    monkeypatch.setenv("EVALSITE_DATA", str(shared / "datasets"))
    problems = {problem.task_id for problem in load_dataset(name).problems}
    assert UNJUDGED[name] <= problems
    assert KNOWN[name].unjudged == UNJUDGED[name]


WRONG = {
    "humanevalpack-cpp": ("cpp", "CPP/23", "its tests pass a program that only raises an exception"),
    "humanevalpack-rust": ("rust", "Rust/32", "missing module"),
    "humanevalpack-go-fix": ("go", "Go/10", "compile error"),
}


def answer_all(evalsite, shared, tmp_path, name, rows):
    """Import answers to a known data set; what was said, in one line."""
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = evalsite(
        "import", "answers.jsonl", "--dataset", name, "--model-name", "m", "--format", "plain",
        env={"EVALSITE_DATA": str(shared / "datasets")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return " ".join(done.stderr.split())


@pytest.mark.sandbox
@pytest.mark.linux
@pytest.mark.xdist_group("toolchains")
@pytest.mark.parametrize("name", WRONG)
def test_one_that_cannot_be_judged_is_excluded_and_the_others_are_graded(name, shared, evalsite, tmp_path):
    """Though it is most of what was answered: the data set is known, so the machine is not blamed."""
    language, wrong, why = WRONG[name]
    if lacking(language):
        pytest.skip(f"needs {', '.join(lacking(language))}")
    path = shared / "datasets" / f"{name.removesuffix('-fix')}.jsonl.gz"
    problems = {problem.task_id: problem for problem in load_dataset(name, path).problems}
    right = next(task_id for task_id in problems if task_id not in UNJUDGED[name])
    rows = [{"task_id": task_id, "solution": problems[task_id].reference} for task_id in (right, wrong)]
    said = answer_all(evalsite, shared, tmp_path, name, rows)
    assert f"excluded from all scores: {wrong}: " in said
    assert why in said
    assert "1 sample: 1 passed" in said


BY_MODELS = {
    "mbxp-php": (
        "php",
        "MBPHP/3",
        "MBPHP/81",
        "solutions that models wrote fail, and the problems count all",
    ),
    "mbxp-ruby": ("ruby", "MBRBP/3", "MBRBP/1", "no reference solution shows that the tests can be passed"),
    "mbxp-perl": ("perl", "MBPLP/3", "MBPLP/1", "no reference solution shows that the tests can be passed"),
}


@pytest.mark.sandbox
@pytest.mark.linux
@pytest.mark.xdist_group("toolchains")
@pytest.mark.parametrize("name", BY_MODELS)
def test_a_problem_whose_reference_fails_or_lacks_counts_where_models_wrote_them(
    name, shared, evalsite, tmp_path
):
    """As MBXP's publishers count it."""
    language, *problems, told = BY_MODELS[name]
    if lacking(language):
        pytest.skip(f"needs {', '.join(lacking(language))}")
    rows = [{"task_id": task_id, "completion": "return;\n}\n"} for task_id in problems]
    said = answer_all(evalsite, shared, tmp_path, name, rows)
    assert f"{told}" in said
    assert "excluded" not in said
    assert "2 samples:" in said


def test_a_package_that_the_tests_want_is_the_machines_fault():
    """Most references lack it, whoever wrote them. Where they fail otherwise, and however many: they do."""
    dataset = Dataset(name="mbxp-js", sha256=KNOWN["mbxp-js"].sha256, num_problems=966)
    missing = Verdict(problem="p", sample=0, verdict="missing_module", module="lodash")
    lacking = tuple(PreflightFailure(f"p{number}", "reference", missing) for number in range(6))
    for number in (12, 9):  # half of them, or too few to tell
        report = PreflightReport(number, lacking)
        assert trial._sound(report, dataset) is report
    with pytest.raises(SandboxError, match="6 preflight checks failed on 11 problems"):
        trial._sound(PreflightReport(11, lacking), dataset)
    wrong = Verdict(problem="p", sample=0, verdict="compile_error")
    failing = tuple(PreflightFailure(f"p{number}", "reference", wrong) for number in range(11))
    report = PreflightReport(11, failing)
    assert trial._sound(report, dataset) is report
