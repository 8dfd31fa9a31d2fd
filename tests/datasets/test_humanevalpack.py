"""HumanEvalPack: HumanEval in six languages."""

import json

import pytest

from evalsite.datasets import humanevalpack, load_dataset
from evalsite.datasets.shapes import read_entry
from evalsite.errors import DatasetError
from tests.datasets.test_unread import written

RECORD = {
    "task_id": "Go/7",
    "prompt": 'import (\r\n    "math"\r\n)\r\n\r\nfunc F(x int) int {\r\n',
    "declaration": "func F(x int) int {\n",
    "canonical_solution": "    return x + 1\n}\n",
    "buggy_solution": "    return x\n}\n",
    "test_setup": "package main\n",
    "test": "func TestF(t *testing.T) {}\n",
    "entry_point": "F",
}


def test_a_record_in_another_language(tmp_path):
    """The prompt is continued, and the tests stand behind what they need."""
    (problem,) = load_dataset("pack", written(tmp_path, RECORD)).problems
    assert (problem.language, problem.kind, problem.cluster) == ("go", "code", "HumanEval/7")
    assert problem.prompt == RECORD["prompt"].replace("\r", "")
    assert problem.reference == problem.prompt + RECORD["canonical_solution"]
    assert problem.tests == "package main\nfunc TestF(t *testing.T) {}\n"


def test_the_same_record_is_there_to_be_repaired():
    """Without its description, with the body at fault and the tests to be seen; Go's head has its imports."""
    record = {**RECORD, "import": 'import (\n    "math"\n)\n'}
    problem = read_entry("there", json.dumps(record).encode(), humanevalpack.REPAIR).problem
    assert (problem.kind, problem.language, problem.cluster) == ("repair", "go", "HumanEval/7")
    assert problem.prompt == 'import (\n    "math"\n)\nfunc F(x int) int {\n'
    assert problem.faulty == RECORD["buggy_solution"]
    assert problem.shown_tests == (RECORD["test"],)
    assert problem.tests == "package main\nfunc TestF(t *testing.T) {}\n"
    assert problem.reference == problem.prompt + RECORD["canonical_solution"]
    rust = read_entry("there", json.dumps({**record, "task_id": "Rust/7"}).encode(), humanevalpack.REPAIR)
    assert rust.problem.prompt.startswith("fn main(){}\n")


def test_a_language_that_is_not_known_is_refused(tmp_path):
    """By what its ids begin with."""
    with pytest.raises(DatasetError, match="'Ada/7' begins with none of python, javascript"):
        load_dataset("pack", written(tmp_path, {**RECORD, "task_id": "Ada/7"}))


def test_all_files_are_read(shared):
    """164 problems in each."""
    for language in ("python", "js", "java", "go", "cpp", "rust"):
        found = load_dataset("pack", shared / "datasets" / f"humanevalpack-{language}.jsonl.gz")
        assert len(found.problems) == 164
