"""Files that are one object, task by task: lists of programs, or OpenCompass' predictions."""

import json

import pytest

from evalsite.formats.reading import read_file
from tests.formats.helpers import CODE, PASSING, TWO, dataset, demo, rows
from tests.make import make_problem


def test_problems_whose_names_differ_by_capitals_are_kept_apart(tmp_path):
    """What could mean several of them means none."""
    problems = [make_problem(name) for name in ("Set/a", "set/a", "Other/b")]
    path = tmp_path / "s.jsonl"
    named = ("Set/a", "set/a", "OTHER/B", "SET/a")
    path.write_text("".join(json.dumps({"task_id": name, "solution": ""}) + "\n" for name in named))
    found = read_file(path, demo(*problems))
    assert found.counts == {"Set/a": 1, "set/a": 1, "Other/b": 1}
    assert "s.jsonl:4: field `task_id`: 'SET/a' is no problem" in found.told.left_out[0]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ([PASSING], "solution"),
        (PASSING, "solution"),
        ({"completion": CODE, "passed": True}, "completion"),
        ([{"solution": PASSING}], "solution"),
        ({"generation": f"Sure:\n```python\n{PASSING}```"}, "response"),
        ({"completions": [CODE]}, "completion"),
    ],
)
def test_an_object_by_task_holds_programs_or_records(tmp_path, value, form):
    """A record says how its answers are read, as a line of a plain file does; the other task has none."""
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"Demo_0": value, "1": []}))
    found = read_file(path, dataset(*TWO))
    assert found.form == "programs"
    assert rows(found) == [("Demo/0", 0, form, None)]
    assert found.counts == {"Demo/0": 1, "Demo/1": 0}


ADD = make_problem("MBPP/11", "add", tests="assert add(1) == 2\nassert add(2) == 3\n")
CODE_OF_ADD = "def add(x):\n    return x + 1"


@pytest.mark.parametrize(
    "gold",
    [
        "assert add(1) == 2\nassert add(2) == 3",
        "assert add(1) == 2\r\nassert add(2) == 3",
        {"test_list_2": "assert add(1) == 2\nassert add(2) == 3", "task_id": 11},
        "MBPP/11",
        11,
    ],
)
def test_opencompass_names_mbpps_tasks_by_their_tests(tmp_path, gold):
    """Or by an object, where problems are repeated; a quoted answer is read without its quotes, and told."""
    said = [f"[BEGIN]\n '{CODE_OF_ADD}' \n[DONE]\n", f"```python\n{CODE_OF_ADD}\n```"]
    path = tmp_path / "mbpp.json"
    path.write_text(json.dumps({"0": {"origin_prompt": "Add.", "prediction": said, "gold": gold}}))
    found = read_file(path, dataset(TWO[0], ADD))
    assert found.form == "opencompass"
    assert [each.completion.text for each in found.samples] == [CODE_OF_ADD, said[1]]
    assert list(found.told.notes.values()) == [1]
    assert rows(found)[0] == ("MBPP/11", 0, "response", None)
