"""Why an answer ended, in whichever words, spellings and shapes servers say it. Pure."""

from typing import Any

import pytest

from evalsite.client.finishing import finishes, is_abort, is_filter, is_lost, known_finish, plain_word
from evalsite.client.trying import Missing
from tests.client.helpers import TEXT, ask, piece, stream_of, whole
from tests.client.helpers import spoken as said


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("stop", "stop"),
        ("MAX_TOKENS", "length"),
        ("maxTokens", "length"),
        ("FINISH_REASON_MAX_TOKENS", "length"),
        ("max_output_tokens", "length"),
        ("model_length", "length"),
        ({"type": "length", "length": 3}, "length"),
        ({"reason": "max_tokens"}, "length"),
        ({"type": "stop", "matched": 7}, "stop"),
        ({"stop": True}, "stop"),
        (["length"], "length"),
        (["", "stop", "max_tokens", "x"], "length"),
        (["stop", None], "stop"),
        ({"type": "", "reason": "limit"}, "length"),
        ({"type": None}, None),
        ({"a": 0, "b": 0}, None),
        (2, "2"),
        ("", None),
        ({}, None),
        ([], None),
        (None, None),
        (False, None),
    ],
)
def test_a_finish_reason_is_read_in_any_spelling(told: Any, word: str | None) -> None:
    """Spelling and shape are the server's; what it means is what counts."""
    assert known_finish(told) == word


def test_filters_and_aborts_are_known_in_any_spelling() -> None:
    """A capital letter makes no answer out of what was taken away."""
    assert is_filter("CONTENT_FILTER") and is_filter("contentFilter") and is_filter("FINISH_REASON_SAFETY")  # noqa: PT018
    assert is_lost("CONTENT_FILTER") and is_lost("CANCELLED") and not is_lost("stop") and not is_lost(None)  # noqa: PT018
    assert is_abort("CANCELLED") and is_abort("finishReason_Error") and not is_abort("stop")  # noqa: PT018


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"finishReason": "MAX_TOKENS"}, "length"),
        ({"stop_reason": "max_tokens"}, "length"),
        ({"finish_reason": None, "stop_reason": "length"}, "length"),
        ({"finish_reason": "", "stopReason": "maxTokens"}, "length"),
        ({"done_reason": "length"}, "length"),
        ({"finish_details": {"type": "max_tokens"}}, "length"),
        ({"finish_reason": {"kind": "max_tokens"}}, "length"),
        ({"finish_reason": ["stop", "length"]}, "length"),
        ({"finish_reason": {"Length": 8}}, "length"),
        ({"finish_reason": {"Stop": None}}, "Stop"),
        ({"finish_reason": "contextLengthReached"}, "length"),
        ({"finish_reason": "stop", "stop_reason": "\nlength"}, "stop"),
        ({"finish_reason": "stop", "stop_reason": 151645}, "stop"),
    ],
)
def test_an_answer_that_was_cut_off_says_so_under_any_name(told: dict[str, Any], reason: str) -> None:
    """A program that hit the limit is truncated, not wrong; and no stream is lost for want of its end."""
    assert ask(whole(said(**told)), stream=False).finish_reason == reason
    got = ask(stream_of(piece(TEXT), piece(**told)), stream=True)
    assert (got.text, got.finish_reason) == (TEXT, reason)


@pytest.mark.parametrize("word", ["null", "None", "", "FINISH_REASON_UNSPECIFIED", "not_finished"])
def test_a_word_for_no_reason_is_none(word: str) -> None:
    """Where each event says "null", a stream that was cut in the middle is no answer."""
    cut = ask(stream_of(piece("x", finish_reason=word), piece(" = ", finish_reason=word)), stream=True)
    assert isinstance(cut, Missing)
    assert cut.kind == "cut-off"
    ended = [piece("x = ", finish_reason=word), piece("1\n", finish_reason=word), piece(finish_reason="stop")]
    assert ask(stream_of(*ended), stream=True).text == TEXT
    assert ask(whole(said(finish_reason=word)), stream=False).finish_reason is None


def test_a_mere_stop_does_not_take_back_that_the_answer_was_cut_off() -> None:
    """Some gateways close every stream with a stop of their own."""
    got = ask(stream_of(piece(TEXT), piece(finish_reason="length"), piece(finish_reason="stop")), stream=True)
    assert got.finish_reason == "length"


def test_one_word_is_of_all_answers_or_a_list_has_one_for_each() -> None:
    """A list that is none of theirs is one word."""
    assert finishes({"finish_reasons": ["max_tokens", "stop"]}, 2) == ["length", "stop"]
    assert finishes({"finish_reasons": ["stop", "max_tokens"]}, 3) == ["length"] * 3
    assert finishes({"finish_reasons": [None, ""], "stop_reason": "eos"}, 2) == ["eos"] * 2
    assert finishes({"index": 1}, 2) == [None, None]


def test_of_an_endless_reason_the_beginning_is_looked_at() -> None:
    """A server may put the whole answer there."""
    assert plain_word("x" * 300) == "x" * 200
