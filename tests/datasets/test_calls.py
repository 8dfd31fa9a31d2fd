"""Records that want calls: BFCL's own, and one's own in OpenAI's form."""

import json

import msgspec
import pytest

from evalsite.calls.task import task_of
from evalsite.datasets.source import load_dataset
from evalsite.errors import DatasetError

TOOL = {"name": "a.b", "description": "Does.", "parameters": {"type": "object", "properties": {"x": {}}}}
OWN = {
    "messages": [{"role": "user", "content": "Do it."}],
    "tools": [{"type": "function", "function": TOOL}],
    "expected": [{"a.b": {"x": [1, ""]}}],
}


def load(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return load_dataset("own", path).problems


def test_bfcl_v4_is_read_whole(shared):
    """Its 11 categories are groups; a category without accepted calls wants none, or some."""
    problems = load_dataset("bfcl-v4", shared / "datasets/bfcl-v4-single-turn.jsonl.gz").problems
    assert len(problems) == 3491
    assert len({problem.group for problem in problems}) == 11
    tasks = {problem.task_id: (problem.group, task_of(problem)) for problem in problems}
    words = {(group, task.expected.word) for group, task in tasks.values() if task.expected.word}
    assert words == {("irrelevance", "none"), ("live_irrelevance", "none"), ("live_relevance", "some")}
    types = {kind for _, task in tasks.values() for tool in task.tools for kind in _types(tool.parameters)}
    assert types == {"object", "array", "string", "integer", "number", "boolean"}


def _types(schema):
    yield from [schema["type"]] if "type" in schema else []
    for each in (schema.get("properties") or {}).values():
        yield from _types(each)
    yield from _types(schema["items"]) if isinstance(schema.get("items"), dict) else ()


@pytest.mark.parametrize(
    ("expected", "calls", "word"),
    [
        ("none", (), "none"),
        ("any", (), "any"),
        ("some", (), "some"),
        ([{"a.b": {"x": [1, ""]}}], ({"a.b": {"x": [1, ""]}},), ""),
        ([{"name": "a.b", "arguments": {"x": 1}}], ({"a.b": {"x": [1]}},), ""),
        ([{"name": "a.b"}], ({"a.b": {}},), ""),
        (
            [{"name": "a.b", "arguments": {"x": [{"y": {"z": 1}}]}}],
            ({"a.b": {"x": [[{"y": [{"z": 1}]}]]}},),
            "",
        ),
    ],
)
def test_what_is_expected_is_calls_or_a_word(tmp_path, expected, calls, word):
    """Accepted values, or a call as it was made, which accepts itself."""
    (problem,) = load(tmp_path / "own.jsonl", {**OWN, "expected": expected, "category": "mine"})
    task = task_of(problem)
    assert (task.expected.calls, task.expected.word) == (calls, word)
    assert (task.tools[0].name, problem.group, problem.kind) == ("a.b", "mine", "calls")


def test_a_record_without_a_name_is_called_by_its_hash(tmp_path):
    """So that the same record is the same problem in any file; a name may be a number."""
    first, second, third = load(
        tmp_path / "own.jsonl", OWN, {**OWN, "expected": "none"}, {**OWN, "task_id": 7}
    )
    assert load(tmp_path / "again.jsonl", OWN)[0] == first
    assert first.task_id.startswith("calls-")
    assert (first.task_id != second.task_id, third.task_id) == (True, "7")


DEEP = {"type": "object"}
for _ in range(100):
    DEEP = {"properties": {"x": DEEP}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expected": "nothing"}, "field `expected`"),
        ({"expected": []}, 'for an answer without a call it is "none"'),
        ({"expected": [{"b": {}}]}, "wants a call of 'b', which is not among the tools"),
        ({"expected": [{"a.b": {"x": 1}}]}, "{name: {argument: [accepted values]}}"),
        ({"expected": [{}]}, "{name: {argument: [accepted values]}}"),
        ({"expected": [{"name": "a.b", "arguments": [1]}]}, "has a name, and an object as arguments"),
        ({"expected": 5}, "field `expected`"),
        ({"messages": []}, "field `messages`"),
        ({"messages": "Do it."}, "field `messages`"),
        (
            {"tools": [{"function": {**TOOL, "parameters": {"type": "dict"}}}]},
            "no JSON Schema",
        ),
        (
            {"tools": [{"function": {**TOOL, "parameters": DEEP}}]},
            "nested more than 64 deep",
        ),
        ({"tools": [TOOL]}, "field `tools[0]`"),
    ],
)
def test_a_record_that_cannot_be_judged_is_refused_with_its_field(tmp_path, changes, said):
    """And with its file and line."""
    with pytest.raises(DatasetError) as raised:
        load(tmp_path / "own.jsonl", OWN, {**OWN, **changes})
    assert "own.jsonl:2" in raised.value.message
    assert said in raised.value.message


BFCL = {
    "id": "x_0",
    "category": "simple_python",
    "question": [[{"role": "user", "content": "Do it."}]],
    "function": [{"name": "a.b", "parameters": {"type": "dict", "properties": {"x": {"type": "any"}}}}],
    "ground_truth": [{"a.b": {"x": ["1"]}}],
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": []}, "field `question`"),
        ({"question": [[]]}, "field `question`"),
        ({"ground_truth": None}, "field `ground_truth`"),
        ({"ground_truth": [{"b": {}}]}, "field `ground_truth`"),
    ],
)
def test_a_record_of_bfcl_that_nobody_could_answer_is_refused(tmp_path, changes, said):
    """As one of one's own is."""
    assert msgspec.json.decode(load(tmp_path / "right.jsonl", BFCL)[0].tests)["expected"]
    with pytest.raises(DatasetError, match=said):
        load(tmp_path / "bfcl.jsonl", {**BFCL, **changes})
