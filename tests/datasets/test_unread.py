"""A record whose tests or prompt need more than we read is refused, never graded by half of its tests."""

import json

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.unread import UNREAD
from evalsite.errors import DatasetError

RECORD = {
    "task_id": "Demo/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}


def written(folder, *records):
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize("field", UNREAD)
def test_a_field_that_changes_the_tests_is_refused(tmp_path, field):
    """With file, line and field, and with what to do instead."""
    path = written(tmp_path, RECORD, {**RECORD, "task_id": "Demo/1", field: [[1]]})
    with pytest.raises(DatasetError) as caught:
        load_dataset("demo", path)
    assert caught.value.message.startswith(f"{path}:2: field `{field}`")
    assert caught.value.hint


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_an_empty_field_says_nothing(tmp_path, nothing):
    """Exports of tables carry columns that hold nothing."""
    path = written(tmp_path, RECORD | dict.fromkeys(UNREAD, nothing))
    assert len(load_dataset("demo", path).problems) == 1


@pytest.mark.parametrize("language", ["python", "Python3", ""])
def test_python_by_any_name(tmp_path, language):
    """Mxeval's records name their language."""
    assert len(load_dataset("demo", written(tmp_path, RECORD | {"language": language})).problems) == 1


def test_tests_in_another_language_are_refused(tmp_path):
    """They would all be syntax errors of the model's."""
    with pytest.raises(DatasetError, match="'javascript' with fields that are Python's alone") as caught:
        load_dataset("demo", written(tmp_path, RECORD | {"language": "javascript"}))
    assert "HumanEvalPack, MBXP or MultiPL-E" in caught.value.hint
