"""Which arguments are accepted: each rule with the published checker's own word (``bench/calls.py``)."""

import json
from pathlib import Path

import pytest

from evalsite.calls.judging import judge_calls
from evalsite.calls.matching import mismatch
from evalsite.calls.reading import read_call
from evalsite.calls.task import task_of
from evalsite.datasets.source import load_dataset

TABLE = Path(__file__).with_name("published.jsonl")
RECORDS = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]
assert len(RECORDS) > 50


@pytest.fixture(scope="module")
def problems():
    return {problem.task_id: problem for problem in load_dataset("table", TABLE).problems}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_a_call_passes_where_it_does_by_the_published_checker(record, problems):
    """The table's ``valid`` is what bfcl-eval 2026.3.23 says."""
    task = task_of(problems[record["id"]])
    calls = [read_call(name, json.dumps(given)) for call in record["calls"] for name, given in call.items()]
    judged = judge_calls(calls, task.expected, task.tools)
    assert (judged.verdict == "passed") is record["valid"], judged.message
    assert bool(judged.message) is not record["valid"]


SCHEMA = {
    "type": "object",
    "properties": {
        "x": {"type": "integer"},
        "y": {"type": "number"},
        "who": {"type": "object"},
        "z": {},
        "s": {"type": "string"},
    },
    "required": ["x"],
}


@pytest.mark.parametrize(
    ("arguments", "accepted", "why"),
    [
        ({"x": 1}, {"x": [1]}, ""),
        ({}, {"x": [1]}, "lacks 'x', which is required"),
        ({"x": 2}, {"x": [1, 3]}, "'x' is 2, and accepted is [1, 3]"),
        ({"x": "2"}, {"x": [1]}, "'x' has another type: '2'"),
        ({"x": 1}, {"x": [1], "y": [2.0]}, "lacks 'y', whose value was told"),
        ({"x": 1, "q": 1}, {"x": [1]}, "has an argument 'q' that is not wanted"),
        ({"x": 1, "y": 10**400}, {"x": [1], "y": [1.0]}, "'y' is a number that no float holds"),
        ({"x": 1, "who": [1]}, {"x": [1], "who": [{"a": [1]}]}, "'who' has another type: [1]"),
        ({"x": 1, "z": "A b"}, {"x": [1], "z": ["ab"]}, ""),
        ({"x": 1, "z": [1, "A"]}, {"x": [1], "z": [[1, "a"]]}, ""),
        ({"x": 1, "s": "A b"}, {"x": [1], "s": ["ab", 5]}, ""),
        ({"x": 1, "s": "A b"}, {"x": [1], "s": [5, "ab"]}, "'s' is 'A b', and accepted is [5, 'ab']"),
        ({"x": 1, "s": "b"}, {"x": [1], "s": ["", "B"]}, ""),
        ({"x": 1, "z": 5}, {"x": [1], "z": ["", 5]}, ""),
    ],
)
def test_what_is_wrong_is_said(arguments, accepted, why):
    """With the argument's name, what it is and what would do; without a type, the accepted one's counts."""
    assert mismatch(arguments, accepted, SCHEMA) == why
