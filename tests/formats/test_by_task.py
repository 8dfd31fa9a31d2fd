"""Files that are one object, task by task: lists of programs, or OpenCompass' predictions."""

import json

from evalsite.formats.reading import read_file
from tests.formats.helpers import demo
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
