"""CRUXEval's records: a problem in each direction."""

import json

import pytest

from evalsite.datasets import cruxeval, load_dataset
from evalsite.datasets.shapes import read_entry
from evalsite.errors import DatasetError
from tests.datasets.helpers import write

RECORD = {"id": "sample_7", "code": "def f(a):\n    return a[::-1]\n", "input": "'ab'", "output": "'ba'"}


def test_a_file_of_them_asks_for_outputs(tmp_path) -> None:
    """With the code and the call to be seen, and what it returns kept for the tests."""
    (problem,) = load_dataset("mine", write(tmp_path / "crux.jsonl", RECORD)).problems
    assert (problem.task_id, problem.kind, problem.entry_point) == ("sample_7", "output-prediction", "f")
    assert problem.prompt == "def f(a):\n    return a[::-1]\nassert f('ab') == ??\n"
    assert (problem.tests, problem.reference) == ("assert answer == 'ba'\n", "'ba'")


def test_the_same_record_asks_for_arguments() -> None:
    """Where it is read so: any that lead to the output."""
    entry = read_entry("there", json.dumps(RECORD).encode())
    problem = cruxeval.INPUT.to_problem(cruxeval.CruxEvalRecord(**RECORD))
    assert entry.problem.task_id == problem.task_id
    assert problem.prompt == "def f(a):\n    return a[::-1]\nassert f(??) == 'ba'\n"
    assert problem.tests.endswith("assert f(*arguments, **options) == 'ba'\n")
    assert problem.reference == "f('ab')"


def test_code_without_the_function_that_is_called_is_told(tmp_path) -> None:
    """Who is asked for what ``f`` returns sees none."""
    with pytest.raises(DatasetError, match="field `code` of sample_7: defines no function `f`"):
        load_dataset("mine", write(tmp_path / "crux.jsonl", RECORD | {"code": "def g(a):\n    return a\n"}))


@pytest.mark.parametrize("field", ["code", "input", "output"])
def test_what_is_no_python_is_told_by_its_field(tmp_path, field) -> None:
    """With the place."""
    with pytest.raises(DatasetError, match=rf"crux.jsonl:1: field `{field}` of sample_7: is no Python"):
        load_dataset("mine", write(tmp_path / "crux.jsonl", RECORD | {field: "(1"}))
