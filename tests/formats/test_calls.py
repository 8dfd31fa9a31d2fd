"""Answers with calls that other tools kept: BFCL's results, chat completions, batches."""

import json

import pytest

from evalsite.calls.judging import Expected
from evalsite.calls.pieces import assemble
from evalsite.calls.task import Task, to_problem
from evalsite.calls.tools import Tool
from evalsite.datasets import LoadedDataset
from evalsite.errors import DatasetError
from evalsite.extraction import extract
from evalsite.formats.reading import read_file
from evalsite.kinds import kind_of
from tests.formats.helpers import PASSING, TWO, dataset

TASK = Task(
    messages=({"role": "user", "content": "Weather in Rome?"},),
    tools=(Tool(name="weather.now", parameters={"properties": {"city": {"type": "string"}}}), Tool(name="f")),
    expected=Expected(calls=({"weather.now": {"city": ["Rome"]}},)),
)
PROBLEM = to_problem("simple_python_0", TASK)
DATA = LoadedDataset(name="bfcl-v4", problems=(PROBLEM,), sha256="0" * 64, source="")
CALL = {"id": "a", "type": "function", "function": {"name": "weather_now", "arguments": '{"city": "Rome"}'}}
MESSAGE = {"role": "assistant", "content": None, "tool_calls": [CALL]}
COMPLETION = {"choices": [{"index": 0, "message": MESSAGE, "finish_reason": "tool_calls"}]}


def read(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return read_file(path, DATA)


@pytest.mark.parametrize(
    ("row", "verdict", "rule"),
    [
        ({"id": "simple_python_0", "result": [{"weather_now": '{"city": "Rome"}'}]}, "passed", "calls"),
        ({"id": "simple_python_0", "result": [{"weather.now": {"city": "Rome"}}]}, "passed", "calls"),
        ({"id": "simple_python_0", "result": "[weather.now(city='Rome')]"}, "passed", "calls"),
        ({"id": "simple_python_0", "result": "<tool_call>{'name'</tool_call>"}, "unknown_tool", "calls"),
        ({"id": "simple_python_0", "result": "weather.now('Rome')"}, "malformed_arguments", "calls"),
        ({"id": "simple_python_0", "result": "It is sunny."}, "no_call", "no-calls"),
        ({"id": "simple_python_0", "result": [{"f": "{}"}]}, "wrong_tool", "calls"),
        ({"task_id": "simple_python_0", "response": COMPLETION}, "passed", "calls"),
        ({"custom_id": "simple_python_0", "response": {"body": COMPLETION}}, "passed", "calls"),
        ({"task_id": "simple_python_0", "message": MESSAGE}, "passed", "calls"),
        ({"task_id": "simple_python_0", "message": {"content": '<tool_call>{"name": "f"}</tool_call>'}},
         "leaked_call", "leaked-calls"),
    ],
)  # fmt: skip
def test_answers_that_others_kept_are_judged(tmp_path, row, verdict, rule):
    """Names on the wire or the data set's own; in a result that is text, calls were meant to stand."""
    found = read(tmp_path / "x.json", row)
    assert found.form == "calls"
    (sample,) = found.samples
    program = extract(PROBLEM, sample.completion)
    assert (kind_of(PROBLEM).judge(PROBLEM, program).verdict, program.rule) == (verdict, rule)


def test_a_request_that_failed_is_a_missing_sample(tmp_path):
    """It says nothing of the model."""
    found = read(tmp_path / "x.json", {"id": "simple_python_0", "result": "Error during inference: 503"})
    assert list(found.samples) == []
    assert found.told.missing == {"simple_python_0": 1}


@pytest.mark.parametrize(
    "row",
    [
        {"id": "simple_python_0", "result": 5},
        {"task_id": "simple_python_0", "response": {"nothing": 1}},
        {"task_id": "another", "response": COMPLETION},
    ],
)
def test_records_that_hold_no_answer_are_told_and_left_out(tmp_path, row):
    """The others are read."""
    found = read(tmp_path / "x.json", {"task_id": "simple_python_0", "response": COMPLETION}, row)
    assert found.num_samples == 1
    assert len(found.told.left_out) + found.told.missing.total() == 1


@pytest.mark.parametrize(
    "row",
    [
        {"task_id": "Demo/0", "response": COMPLETION},
        {"id": "Demo/0", "result": "f(1)"},
        {"id": "Demo/0", "result": [{"f": "{}"}]},
    ],
)
def test_calls_for_problems_that_want_programs_are_told(tmp_path, row):
    """A slip in the name of the data set."""
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(DatasetError, match="holds calls of tools, and Demo/0 wants a program"):
        read_file(path, dataset(*TWO))


def test_who_was_offered_tools_may_call_them_in_codes_place(tmp_path):
    """The record says so; then no slip in the data set's name is meant."""
    path = tmp_path / "x.jsonl"
    said = {"choices": [{"index": 0, "message": {"content": "```python\ndef f(): 0\n```"}}]}
    rows = [
        {"task_id": "Demo/0", "response": COMPLETION, "tools": []},
        {"task_id": "Demo/1", "response": said},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    called, written = read_file(path, dataset(*TWO)).samples
    assert extract(TWO[0], called.completion).rule == "unwanted-call"
    assert extract(TWO[1], written.completion).source == "def f(): 0\n"


def test_pieces_are_kept_as_they_were(tmp_path):
    """Ids and arguments as text, beside why the answer ended."""
    (sample,) = read(tmp_path / "x.json", {"task_id": "simple_python_0", "response": COMPLETION}).samples
    (piece,) = sample.completion.calls
    assert (piece.id, piece.name, piece.arguments) == ("a", "weather_now", '{"city": "Rome"}')
    assert sample.completion.finish_reason == "tool_calls"
    assert assemble(sample.completion.calls)[0].arguments == {"city": "Rome"}


ANSWER = f"Sure:\n```python\n{PASSING}```"
SAID = {"role": "assistant", "content": ANSWER}
CHOICES = [{"index": index, "message": SAID, "finish_reason": "stop"} for index in (0, 1)]
ASKED = {"role": "user", "content": "Double x."}


@pytest.mark.parametrize(
    ("row", "samples"),
    [
        ({"custom_id": "Demo/0", "response": {"status_code": 200, "body": {"choices": CHOICES}}}, 2),
        ({"task_id": "Demo/0", "response": {"choices": CHOICES[:1]}}, 1),
        ({"task_id": "Demo/0", "choices": CHOICES}, 2),
        ({"id": "Demo/0", "message": SAID}, 1),
        ({"task_id": "Demo/0", "messages": [ASKED, SAID]}, 1),
        ({"task_id": "Demo/0", "messages": [ASKED], "response": ANSWER}, 1),
    ],
)
def test_chat_completions_answer_problems_that_want_programs_too(tmp_path, row, samples):
    """Each choice is a sample; a conversation beside an answer is what was asked."""
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps(row) + "\n")
    found = [each.completion for each in read_file(path, dataset(*TWO)).samples]
    assert [(each.problem, each.sample, each.form, each.text) for each in found] == [
        ("Demo/0", number, "response", ANSWER) for number in range(samples)
    ]


def test_a_conversation_without_an_answer_is_a_sample_that_is_missing(tmp_path):
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps({"task_id": "Demo/0", "messages": [ASKED]}) + "\n")
    found = read_file(path, dataset(*TWO))
    assert list(found.samples) == []
    assert found.told.missing == {"Demo/0": 1}
