"""What answers look like in the wild: reasons, counts, parts and end marks in other places and spellings."""

import json
from typing import Any

import pytest

from evalsite.client.trying import Missing
from evalsite.rundir.schema import Completion
from tests.client.helpers import (
    TEXT,
    answer_of,
    ask,
    piece,
    stream_of,
    whole,
)


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": {"value": TEXT, "annotations": []}}],
        [{"type": "text", "content": TEXT}],
        [{"type": "output_text", "text": "x = "}, {"type": "output_text", "text": "1\n"}],
        {"parts": [{"text": "x = "}, {"text": "1\n"}]},
        [{"text": TEXT, "content": TEXT}],
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_parts_of_an_answer_are_read_wherever_their_text_is(content: Any, stream: bool) -> None:
    """They used to be an empty answer, and the model's fault."""
    packed = stream_of(piece(delta={"content": content}), piece(finish_reason="stop"))
    got = ask(
        packed if stream else whole({"message": {"content": content}, "finish_reason": "stop"}), stream=stream
    )
    assert got.text == TEXT


@pytest.mark.parametrize("stream", [True, False])
def test_parts_that_cannot_be_read_are_no_answer(stream: bool) -> None:
    """The sample is missing, with what stood there in the reason."""
    content = [{"type": "text", "tokens": [1, 2, 3]}]
    packed = stream_of(piece(delta={"content": content}), piece(finish_reason="stop"))
    got = ask(
        packed if stream else whole({"message": {"content": content}, "finish_reason": "stop"}), stream=stream
    )
    assert isinstance(got, Missing)
    assert "'tokens': [1, 2, 3]" in got.error


def test_a_call_of_a_tool_is_an_answer_without_text() -> None:
    """It was the model that chose to say nothing."""
    message = {"content": None, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}
    got = ask(whole({"message": message, "finish_reason": "tool_calls"}), stream=False)
    assert (got.text, got.finish_reason) == ("", "tool_calls")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"event: error\ndata: the disk is gone\n\n", "the disk is gone"),
        (
            b'data: {"choices": []}\n\nerror: {"message": "the disk is gone"}\n\n',
            "reports an error: the disk",
        ),
        (b"upstream is away", "not JSON: upstream is away"),
        (b"", "not JSON but empty"),
        (b'"the disk is gone"', "the disk is gone"),
        (
            b'{"success": false, "errors": [{"code": 1000, "message": "the disk is gone"}]}',
            "the disk is gone",
        ),
        (b'{"fault": {"faultstring": "the disk is gone"}}', "the disk is gone"),
        (b'{"base_resp": {"status_code": 7, "status_msg": "the disk is gone"}}', "the disk is gone"),
    ],
)
def test_the_servers_words_are_kept_wherever_they_stand(body: bytes, words: str) -> None:
    """What is missing says why, as the server put it."""
    got = ask(answer_of(body), stream=False)
    assert isinstance(got, Missing)
    assert words in got.error


@pytest.mark.parametrize(
    "choices",
    [
        {"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"},
        {"0": {"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}},
        [{"index": 0, "text": TEXT, "finish_reason": "stop"}],
    ],
)
def test_the_only_choice_is_read_where_it_stands(choices: Any) -> None:
    """By itself, by its number, or as the other API has it."""
    got = ask(answer_of(json.dumps({"choices": choices}).encode()), stream=False)
    assert isinstance(got, Completion)
    assert got.text == TEXT
