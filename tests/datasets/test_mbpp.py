"""MBPP's record shapes (Austin et al. 2021, arXiv 2108.07732): full, sanitized, and MBPP+."""

import gzip
import json

import pytest

from evalsite.datasets import KNOWN, load_dataset
from tests.conftest import ROOT
from tests.datasets.helpers import MBPP, write


@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("mbpp", "mbpp.jsonl", 974),
        ("mbpp-test", "mbpp.jsonl", 500),
        ("mbpp-sanitized", "sanitized-mbpp.json", 427),
    ],
)
def test_mbpp_has_three_variants(shared, name, file, count):
    """Each is the official one, by its hash, and every task has a function under test."""
    dataset = load_dataset(name, shared / "datasets" / file)
    assert len(dataset.problems) == count
    assert dataset.sha256 == KNOWN[name].sha256
    assert all(problem.entry_point for problem in dataset.problems)


def test_mbpp_tests_come_after_setup_and_name_the_function(tmp_path):
    """The function under test is the one that the assertions call, not a helper."""
    record = dict(MBPP, test_setup_code="x = 1")
    (problem,) = load_dataset("mine", write(tmp_path / "m.jsonl", record)).problems
    assert problem.task_id == "MBPP/11"
    assert problem.entry_point == "add"
    assert problem.tests == "x = 1\nassert add(1, 2) == 3\n"


SUITE = ROOT / "examples" / "suite"


def answers_of(model):
    """The answers of one model of the example suite, by problem."""
    lines = gzip.decompress((SUITE / f"mbpp-sanitized-{model}.jsonl.gz").read_bytes()).splitlines()
    return {row["task_id"]: row["response"] for row in map(json.loads, lines)}


def test_both_models_of_the_example_suite_answered_all_problems(shared):
    problems = load_dataset("mbpp-sanitized", shared / "datasets" / "sanitized-mbpp.json").problems
    assert {each.task_id for each in problems} == set(answers_of("q4_1")) == set(answers_of("tq2_0"))


@pytest.mark.parametrize("model", ["q4_1", "tq2_0"])
def test_the_example_suite_carries_nothing_of_mbpp(shared, model):
    """Answers alone: no task, and no test that a model repeated."""
    answers = answers_of(model)
    problems = load_dataset("mbpp-sanitized", shared / "datasets" / "sanitized-mbpp.json").problems
    held = [
        (problem.task_id, text.strip())
        for problem in problems
        for text in (problem.prompt, *problem.shown_tests)
    ]
    assert len(held) > len(problems) == len(answers) > 0
    assert [task for task, text in held if text in answers.get(task, "")] == []
