"""Data sets in other languages: what is wrong with their problems is known, and stops nobody else."""

import json

import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.catalogue.multilingual import MULTILINGUAL
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
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = evalsite(
        "import", "answers.jsonl", "--dataset", name, "--model-name", "m", "--format", "plain",
        env={"EVALSITE_DATA": str(shared / "datasets")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert f"excluded from all scores: {wrong}: " in said
    assert why in said
    assert "1 sample: 1 passed" in said
