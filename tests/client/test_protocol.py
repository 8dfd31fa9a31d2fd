"""Requests and answers as bytes, without a network."""

import datetime as dt
import json
import time
from email.utils import format_datetime

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.client.faults import retry_after, server_words, shortened, translate
from evalsite.client.protocol import Answer, UnusableError, check, mend, model_id
from evalsite.client.shapes import read_event, read_whole


@given(st.text(alphabet=st.characters(codec=None)))
def test_mended_text_can_be_encoded_and_sound_text_stays(text: str) -> None:
    """No lone surrogate is left; where there was none, nothing changes."""
    mended = mend(text)
    assert mended.encode().decode() == mended
    kept = [character for character in text if not "\ud800" <= character <= "\udfff"]
    assert len(kept) < len(text) or mended == text


def test_reasoning_comes_apart_from_the_answer() -> None:
    """content: null with reasoning_content is an empty answer, not a malformed one."""
    answer = Answer()
    message = {"content": None, "reasoning_content": "let me think"}
    body = {"choices": [{"message": message, "finish_reason": "length"}]}
    read_whole(answer, json.dumps(body).encode(), "chat")
    check(answer)
    assert answer.choices[0].text == ""
    assert answer.choices[0].reasoning == ["let me think"]


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_streamed_reasoning_counts_as_tokens_and_is_kept_aside(name: str) -> None:
    """The first token is the first of either kind."""
    answer = Answer(streamed=True)
    read_event(answer, json.dumps({"choices": [{"delta": {"role": "assistant"}}]}).encode(), 1.0)
    read_event(answer, json.dumps({"choices": [{"delta": {name: "hm"}}]}).encode(), 2.0)
    read_event(answer, json.dumps({"choices": [{"delta": {"content": "42"}}]}).encode(), 3.0)
    choice = answer.choices[0]
    assert (choice.first_token_at, choice.chunks, choice.text, "".join(choice.reasoning)) == (
        2.0,
        2,
        "42",
        "hm",
    )


def test_content_in_parts_is_joined() -> None:
    """Some servers send a list of typed parts."""
    answer = Answer()
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]
    read_whole(answer, json.dumps({"choices": [{"message": {"content": parts}}]}).encode(), "chat")
    assert answer.choices[0].text == "ab"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>", "html"),
        (b" \n<!doctype html>", "html"),
        (b"{", "malformed"),
        (b"", "malformed"),
        (b"[1]", "malformed"),
        (b'"words"', "malformed"),
        (b'{"id": 1}', "malformed"),
        (b'{"choices": 3}', "malformed"),
        (b'{"choices": ["x"]}', "malformed"),
        (b'{"choices": [{"text": 7}]}', "malformed"),
        (b'{"choices": [{"message": {"content": "x"}}]}', "malformed"),
        (b'{"choices": []}', "no-choices"),
        (b'{"error": {"message": "boom"}}', "http"),
        (b'{"error": "boom"}', "http"),
        (b'{"choices": [{"text": "x", "finish_reason": "abort"}]}', "aborted"),
        (b"[" * 100_000, "malformed"),
    ],
)
def test_what_is_no_completion_is_told_apart(body: bytes, kind: str) -> None:
    """Every one of these came with status 200."""
    answer = Answer()
    with pytest.raises(UnusableError) as caught:
        read_whole(answer, body, "completions")
        check(answer)
    assert caught.value.kind == kind


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_an_answer_is_read_in_whichever_unicode_it_comes(encoding: str) -> None:
    """Its first bytes tell."""
    answer = Answer()
    read_whole(
        answer, '{"choices": [{"text": "é", "finish_reason": "stop"}]}'.encode(encoding), "completions"
    )
    assert answer.choices[0].text == "é"


def test_fields_that_nobody_asked_for_do_no_harm() -> None:
    """Unknown fields, null for optional ones, and usage without counts."""
    answer = Answer()
    data = {
        "choices": [{"text": "x", "index": None, "finish_reason": None, "logprobs": {"a": [1]}}],
        "usage": {"completion_tokens": None, "cost": 0.1},
        "model": None,
        "timings": {"x": 1},
        "error": None,
    }
    read_whole(answer, json.dumps(data).encode(), "completions")
    check(answer)
    assert answer.choices[0].text == "x"
    assert answer.completion_tokens is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "no such model", "code": 404}}', "no such model"),
        (b'{"error": "plain"}', "plain"),
        (b'{"detail": [{"msg": "field required"}, {"msg": "too long"}]}', "field required; too long"),
        (b'{"message": "gateway"}', "gateway"),
        (b"<html><style>p {}</style><h1>Bad\n Gateway</h1></html>", "Bad Gateway"),
        (b"upstream timed out", "upstream timed out"),
        (b"", ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_the_servers_words_are_found(body: bytes, words: str) -> None:
    """Wherever a server or a proxy in between puts its message."""
    assert server_words(body) == words


def test_long_words_are_cut() -> None:
    """An error page does not fill the terminal."""
    assert len(shortened(server_words(b"x" * 5000))) < 500


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 0.0),
        ("Wed, 21 Oct 2015 07:28:00", 0.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("30s", 30.0),
        ("500ms", 0.5),
        ("2 seconds", 2.0),
        ("1.5 min", 90.0),
        ("2 Hours", 7200.0),
        ("2015-10-21T07:28:00Z", 0.0),
        ("1445412480", 0.0),
        ("31622400", 31622400.0),
        ("31622401", 0.0),
        ("99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("7 dwarfs", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    """A date that has passed means now; nonsense means that our own backoff counts."""
    assert retry_after({"Retry-After": value}) == seconds


def test_a_second_since_1970_is_a_moment_to_wait_for() -> None:
    """Some gateways say when instead of how long: nobody waits for fifty years."""
    wait = retry_after({"Retry-After": str(int(time.time()) + 3600)})
    assert wait is not None
    assert 3000 < wait <= 3600


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000", ""])
def test_a_date_to_wait_for_is_in_utc_where_it_names_no_zone(zone: str) -> None:
    """As HTTP has them all."""
    then = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    value = f"{format_datetime(then).rpartition(' ')[0]} {zone}".strip()
    wait = retry_after({"Retry-After": value})
    assert wait is not None
    assert 3000 < wait <= 3600


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("gpt-4", "gpt-4"),
        ("org/model-7B", "org/model-7B"),
        ("/home/someone/models/m.gguf", "m.gguf"),
        ("C:\\models\\m.gguf", "m.gguf"),
        ("", ""),
    ],
)
def test_a_model_name_holds_no_folder_of_the_server(told: str, kept: str) -> None:
    """llama.cpp's name for a model is the path that it was started with."""
    assert model_id(told) == kept


@pytest.mark.parametrize(
    ("exc", "kind", "words"),
    [
        (aiohttp.ConnectionTimeoutError(), "timeout", "no connection in time"),
        (TimeoutError(), "timeout", "no answer in time"),
        (aiohttp.ClientPayloadError(), "cut-off", "the answer was cut off"),
        (aiohttp.ServerDisconnectedError(), "reset", "the server closed the connection without an answer"),
        (ConnectionResetError(), "reset", "the server closed the connection without an answer"),
        (aiohttp.ClientOSError(32, "Broken pipe"), "reset", "the connection broke (Broken pipe)"),
        (ValueError("x"), "malformed", "not an HTTP answer (ValueError)"),
    ],
)
def test_what_the_network_says_is_told_in_plain_words(exc: Exception, kind: str, words: str) -> None:
    """With the server's address, and how to go on."""
    fault = translate("http://gpu:1/v1", exc)
    assert (fault.kind, fault.message) == (kind, f"http://gpu:1/v1: {words}")
    assert "evalsite resume RUN" in fault.hint
