"""What answers look like in the wild: reasons, counts, parts and end marks in other places and spellings."""

import json
from typing import Any

import pytest

from evalsite.client import Missing
from evalsite.rundir.schema import Completion
from tests.client.helpers import answer_of, client, outcomes, prompt, run, saying, settings, stream_of

TEXT = "x = 1\n"


def ask(answer: bytes, *, stream: bool) -> Any:
    """Ask a server that always answers this, by chat; return what came of one sample."""

    async def go() -> Any:
        async with saying(answer) as (url, _):
            (got,) = await outcomes(client(url, settings(api="chat", stream=stream)), [(prompt(), (0,))])
            return got

    return run(go())


def whole(choice: dict[str, Any], **more: Any) -> bytes:
    return answer_of(json.dumps({"choices": [{"index": 0, **choice}], **more}).encode())


def said(**choice: Any) -> dict[str, Any]:
    return {"message": {"content": TEXT}, **choice}


def piece(text: str = "", **choice: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text} if text else {}, **choice}]}


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


@pytest.mark.parametrize("mark", [b"[DONE]", b"  [DONE]\t ", b"[done]", b'"[DONE]"'])
def test_what_comes_behind_the_end_mark_belongs_to_nobody(mark: bytes) -> None:
    """However the mark is written, a text behind it is foreign."""
    events = [piece(TEXT), piece(finish_reason="stop"), mark, piece("raise SystemExit")]
    assert ask(stream_of(*events, done=False), stream=True).text == TEXT


@pytest.mark.parametrize("nothing", [b"null", b"", b"{}", b" "])
def test_events_that_hold_nothing_are_passed_over(nothing: bytes) -> None:
    """Signs of life of a gateway."""
    assert (
        ask(stream_of(nothing, piece(TEXT), nothing, piece(finish_reason="stop")), stream=True).text == TEXT
    )


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
