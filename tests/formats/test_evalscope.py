"""EvalScope's reviews and predictions, from 1.0 on and before."""

import json

import pytest

from evalsite.datasets.livecodebench import BEGUN
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.formats.helpers import CHAT, PASSING, dataset, demo, rows
from tests.make import make_problem

FENCED = f"```python\n{PASSING}```"


def review(task, answer, value, **changes):
    score = {
        "value": value, "extracted_prediction": "x", "prediction": answer, "explanation": None,
        "metadata": {"task_id": task, "timeout": 4}, "main_score_name": "acc",
    }  # fmt: skip
    sample = {"score": score, "sample_id": 0, "group_id": 0, "sample_metadata": {"task_id": task}}
    return {"index": 0, "input": "**User**: \n...", "target": "y", "sample_score": sample | changes}


def prediction(task, answer, reason="stop"):
    output = {
        "model": "m", "time": 1.5, "usage": {"input_tokens": 5, "output_tokens": 7},
        "choices": [{"message": {"role": "assistant", "content": answer}, "stop_reason": reason}],
    }  # fmt: skip
    return {"index": 0, "model": "m", "model_output": output, "messages": [], "metadata": {"task_id": task}}


def before(task, answer, result=None):
    told = (
        {"review": {"gold": {"task_id": task}, "pred": "x", "result": result}} if result is not None else {}
    )
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}} | told
    return {"answer_id": "answer-1", "raw_input": {"task_id": task}, "choices": [choice]}


def write(path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize(
    ("records", "claims"),
    [
        ([review("Demo/0", FENCED, {"acc": True}), review("Demo/1", CHAT, {"acc": 0.0})], [True, False]),
        ([review("Demo/0", FENCED, {"acc": 0.5}), review("Demo/1", CHAT, {})], [None, None]),
        (
            [
                review("Demo/0", FENCED, {"acc": 1}, sample_metadata=None),
                review(1, CHAT, {"f1": 1, "acc": 0}),
            ],
            [True, False],
        ),
        (
            [prediction("Demo/0", FENCED), prediction("Demo/1", [{"type": "text", "text": CHAT}])],
            [None, None],
        ),
        ([before("Demo/0", FENCED, 1.0), before("Demo/1", CHAT, False)], [True, False]),
        ([before("Demo/0", FENCED), before("Demo/1", CHAT)], [None, None]),
    ],
    ids=["reviews", "shares", "names elsewhere", "predictions", "old reviews", "old predictions"],
)
def test_answers_are_read_with_their_claims(tmp_path, records, claims):
    found = read_file(write(tmp_path / "humaneval_openai_humaneval.jsonl", *records), demo())
    assert found.form == "evalscope"
    assert rows(found) == [("Demo/0", 0, "response", claims[0]), ("Demo/1", 0, "response", claims[1])]
    assert [each.completion.text for each in found.samples] == [FENCED, CHAT]


def test_predictions_tell_tokens_and_why_they_ended(tmp_path):
    """What a service's filter took away is missing, and so is an answer that is null."""
    records = [
        prediction("Demo/0", FENCED, "max_tokens"), prediction("Demo/1", CHAT, "content_filter"),
        review("Demo/1", None, {"acc": False}) | {"index": 1},
    ]  # fmt: skip
    found = read_file(write(tmp_path / "a.jsonl", *records), demo())
    (sample,) = found.samples
    assert (sample.completion.finish_reason, sample.completion.completion_tokens) == ("length", 7)
    assert found.told.missing == {"Demo/1": 2}


def test_a_problem_without_a_name_is_found_by_its_text(tmp_path):
    """LiveCodeBench's: the longest text that was asked, with the code that it begins with or without."""
    ask = "### Question:\nDouble it, {more}twice.\n\n### Format: ...\n### Answer:\n"
    problems = dataset(
        make_problem("abc1", prompt="Double it, "),
        make_problem("abc2", prompt=f"Double it, and twice.{BEGUN}```python\ndef double(x):\n```"),
    )
    row = review("abc2", FENCED, {"acc": True}, sample_metadata=None)
    row["sample_score"]["score"]["metadata"] = {"timeout": 6}
    row["input"] = [{"role": "user", "content": [{"type": "text", "text": ask.format(more="and ")}]}]
    other = row | {"input": f"**User**: \n{ask.format(more='or ')}"}
    found = read_file(write(tmp_path / "a.jsonl", row, other), problems)
    assert [each.completion.problem for each in found.samples] == ["abc2", "abc1"]
    with pytest.raises(DatasetError, match=r"names no task .*asks none of this data set's problems"):
        read_file(write(tmp_path / "a.jsonl", row | {"input": "Add"}), problems)
