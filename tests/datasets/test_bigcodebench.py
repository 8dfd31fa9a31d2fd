"""BigCodeBench's records."""

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from tests.datasets.helpers import write

RECORD = {
    "task_id": "BigCodeBench/1",
    "complete_prompt": "import json\n\ndef task_func(x):\n",
    "instruct_prompt": "Double x.",
    "code_prompt": "import json\ndef task_func(x):\n",
    "canonical_solution": "    return 2 * x\n",
    "test": "import unittest\nclass TestCases(unittest.TestCase):\n    def test(self):\n"
    "        self.assertEqual(task_func(2), 4)\n",
    "entry_point": "task_func",
    "libs": "['json']",
}


def test_a_file_of_them_is_read_as_code_to_continue(tmp_path):
    """With the tests as they are."""
    (problem,) = load_dataset("mine", write(tmp_path / "big.jsonl", RECORD)).problems
    assert (problem.kind, problem.prompt) == ("unittest", RECORD["complete_prompt"])
    assert problem.reference == "import json\n\ndef task_func(x):\n    return 2 * x\n"
    assert problem.tests == RECORD["test"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"test": "class ("}, "`test` of BigCodeBench/1: is no Python"),
        ({"test": "assert task_func(1) == 2\n"}, "`test` of BigCodeBench/1: defines no cases of unittest"),
        ({"entry_point": "other"}, "`entry_point`"),
    ],
)
def test_what_nobody_could_pass_is_refused(tmp_path, changes, told):
    """With file, line and field."""
    with pytest.raises(DatasetError, match=rf"big.jsonl:1: field {told}"):
        load_dataset("mine", write(tmp_path / "big.jsonl", RECORD | changes))
