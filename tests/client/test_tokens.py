"""How many output tokens each choice of an answer had: the server's count, or its share of one. Pure."""

from typing import Any

import pytest

from evalsite.client.protocol import Answer, Choice
from evalsite.client.tokens import count_tokens
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


def counted(total: int | None, *choices: Choice, **answer: Any) -> list[tuple[int | None, str | None, int]]:
    got = Answer(dict(enumerate(choices)), streamed=True, completion_tokens=total, **answer)
    count_tokens(got)
    return [(each.tokens, each.tokens_from, each.first_tokens) for each in choices]


def said_in(*pieces: str, first: int = 1, **changes: Any) -> Choice:
    return Choice(list(pieces), [""] * len(pieces), chunks=len(pieces), first_chunks=first, **changes)


def test_each_choice_has_its_own_count_where_every_event_was_a_token() -> None:
    """With a token for each end or without: the sum shows which."""
    both = said_in("a", "b", "c", first=2), said_in("long ", "text", bare_end=True)
    assert counted(5, *both) == [(3, "usage", 2), (2, "usage", 1)]
    assert counted(6, *both) == [(3, "usage", 2), (3, "usage", 1)]


def test_several_choices_share_a_count_that_is_no_sum_of_theirs() -> None:
    """By the length of what was said and thought; what is left over goes to the largest remainders."""
    thought = Choice(["x"], ["yy"], chunks=1)
    assert counted(10, said_in("x"), thought, said_in("xxx")) == [
        (2, "shared", 1),
        (4, "shared", 1),
        (4, "shared", 1),
    ]
    assert [tokens for tokens, *_ in counted(11, said_in(""), said_in(""), Choice(chunks=3))] == [
        4,
        4,
        3,
    ]
    assert counted(0, said_in(""), said_in("")) == [(0, "shared", 1), (0, "shared", 1)]


def test_the_first_tokens_are_a_share_where_a_server_gathers_several() -> None:
    """Of the text; of the events where all is calls, which are no text."""
    assert counted(40, said_in("a" * 30, "b" * 10)) == [(40, "usage", 30)]
    assert counted(41, said_in("", "", "", "")) == [(41, "usage", 10)]
    assert counted(40, said_in("", "b" * 10)) == [(40, "usage", 1)], "something had come"
    assert counted(3, said_in("aa", "b", "c", "d")) == [(3, "usage", 1)], "fewer than events"


def test_what_nobody_read_on_has_the_tokens_that_were_seen() -> None:
    """The server's count would be of what it said to nobody."""
    assert counted(900, said_in("a", "b"), said_in("c"), broken_off=True) == [
        (2, "chunks", 1),
        (1, "chunks", 1),
    ]
    assert counted(None, said_in("a", "b")) == [(None, None, 1)]
