"""EvalPlus' own form: inputs, and a reference solution that says what is right."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.reading import hash_problems
from evalsite.errors import DatasetError
from tests.datasets.helpers import write

RECORD = {
    "task_id": "HumanEval/3",
    "prompt": 'def half(x):\n    """ Half of x. """\n',
    "entry_point": "half",
    "canonical_solution": "    return x / 2\n",
    "test": "def check(candidate):\n    assert candidate(2) == 1\n",
    "contract": "    assert x > 0\n",
    "base_input": [[2], [3]],
    "plus_input": [[1e6], [7]],
    "atol": 0,
}


def test_the_tests_are_inputs_in_two_parts(tmp_path):
    """Whose right answers the reference gives; HumanEval's own assertions say nothing more."""
    (problem,) = load_dataset("mine", write(tmp_path / "plus.jsonl", RECORD)).problems
    assert (problem.kind, problem.parts) == ("code-inputs", ("base", "plus"))
    assert problem.reference == RECORD["prompt"] + RECORD["canonical_solution"]
    tests = json.loads(problem.tests)
    assert tests == {
        "reference": problem.reference,
        "atol": 0,
        "inputs": {"base": [[2], [3]], "plus": [[1e6], [7]]},
    }


def test_the_form_is_a_part_of_the_data_sets_identity(tmp_path):
    """The same problems as a program of tests are another data set."""
    plain = {name: value for name, value in RECORD.items() if not name.endswith("_input")}
    found = [
        hash_problems(load_dataset("mine", write(tmp_path / name, record)).problems)
        for name, record in {"plus.jsonl": RECORD, "plain.jsonl": plain}.items()
    ]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"base_input": [1]}, "`base_input` of HumanEval/3: input 0 is no list of arguments"),
        ({"plus_input": [[1], {"x": 1}]}, "`plus_input` of HumanEval/3: input 1 is no list"),
        ({"entry_point": "third"}, "`entry_point` of HumanEval/3: 'third' is defined neither"),
        ({"task_id": "Mbpp/3"}, "`base_input` of Mbpp/3: MBPP.'s inputs are written in a way of their own"),
    ],
)
def test_what_could_judge_nobody_is_refused(tmp_path, changes, told):
    """With file, line and field."""
    with pytest.raises(DatasetError, match=rf"plus.jsonl:1: field {told}"):
        load_dataset("mine", write(tmp_path / "plus.jsonl", RECORD | changes))


def test_the_published_file_is_read(shared):
    """All 164, each with inputs of both kinds."""
    problems = load_dataset("plus", shared / "datasets" / "HumanEvalPlus.jsonl.gz").problems
    assert len(problems) == 164
    assert {problem.parts for problem in problems} == {("base", "plus")}
