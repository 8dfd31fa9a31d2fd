"""How many output tokens each choice of an answer had: the server's count, or its share of one. Pure."""

from typing import Any

import pytest

from tests.client.helpers import TEXT, ask, piece, stream_of, whole
from tests.client.helpers import spoken as said


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": "5", "completion_tokens": "7"}, (None, None)),
        ({"input_tokens": 5, "output_tokens": 7}, (5, 7)),
        ({"promptTokens": 5, "completionTokens": 7}, (5, 7)),
        ({"prompt_tokens": 0, "completion_tokens": 0}, (None, None)),
        ({"prompt_tokens": 5, "completion_tokens": 7.5}, (5, None)),
        ({}, (None, None)),
        (None, (None, None)),
        ([], (None, None)),
        ("many", (None, None)),
    ],
)
def test_tokens_are_what_the_server_counted_or_unknown(usage: Any, counted: tuple[Any, Any]) -> None:
    """A text of no tokens, made in no time, is nobody's measurement."""
    got = ask(whole(said(finish_reason="stop"), usage=usage), stream=False)
    assert (got.text, got.prompt_tokens, got.completion_tokens) == (TEXT, *counted)
    got = ask(stream_of(piece(TEXT, finish_reason="stop"), {"choices": [], "usage": usage}), stream=True)
    assert (got.text, got.prompt_tokens, got.completion_tokens) == (TEXT, *counted)


@pytest.mark.parametrize("last", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}])
def test_a_count_is_not_taken_back_by_nothing(last: Any) -> None:
    """A gateway that adds an event of its own with empty counts leaves those of the server."""
    usage = {"prompt_tokens": 5, "completion_tokens": 7}
    events = piece(TEXT, finish_reason="stop"), {"choices": [], "usage": usage}
    got = ask(stream_of(*events, {"choices": [], "usage": last}), stream=True)
    assert (got.prompt_tokens, got.completion_tokens) == (5, 7)


def test_an_empty_answer_may_have_no_tokens() -> None:
    """The model that says nothing at all is believed to have said nothing."""
    nothing = {"message": {"content": ""}, "finish_reason": "stop"}
    got = ask(whole(nothing, usage={"prompt_tokens": 5, "completion_tokens": 0}), stream=False)
    assert (got.text, got.completion_tokens) == ("", 0)
