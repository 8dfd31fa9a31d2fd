"""Servers that lie: odd indices and numbers, broken packing, floods. What is good among it is kept."""

import gzip
import json
from typing import Any

import pytest

from evalsite.client.trying import Missing
from evalsite.rundir.schema import Completion
from tests.client.helpers import (
    answer_of,
    asked_of,
    refusal,
    stream_of,
    texts,
)


def whole(*choices: Any, **about: Any) -> bytes:
    return answer_of(json.dumps({"choices": choices, **about}).encode())


def choice(text: Any = "good", index: Any = 0, reason: Any = "stop") -> dict[str, Any]:
    return {"index": index, "text": text, "finish_reason": reason}


def stream(*events: Any) -> bytes:
    """Stream events; a choice is put into one of its own."""
    return stream_of(*({"choices": [event]} if "text" in event else event for event in events))


@pytest.mark.parametrize(
    "answer",
    [
        whole(choice(index=7)),
        whole(choice(index=-1)),
        whole(choice(index=None)),
        whole(choice(index=10**30)),
        whole(choice(), choice("more", 1), choice("than asked", 2)),
        whole(choice(), choice("another one under the same index")),
        stream(choice("go", 3, None), choice("od", 3)),
        stream(choice("good"), choice("", reason="stop"), choice("", reason="stop")),
        stream(choice("go", reason="stop"), choice("od", reason="stop")),
        stream(choice("good"), {"choices": None}, {}, {"choices": [], "usage": None}),
    ],
)
def test_an_odd_index_does_not_cost_the_answer(answer: bytes) -> None:
    """One sample was asked for, and the first choice is it, whatever number it bears."""
    (got,) = asked_of(answer)
    assert isinstance(got, Completion)
    assert (got.sample, got.text) == (0, "good")


@pytest.mark.parametrize("index", [(0, 1), (1, 0), (5, 9), (-1, 0)])
def test_two_choices_are_two_samples_whatever_their_numbers(index: tuple[int, int]) -> None:
    """Each goes to a sample of its own, in the order of their numbers."""
    got = asked_of(whole(choice("a", min(index)), choice("b", max(index))), samples=(3, 4), seed=None)
    assert texts(got) == {("T/0", 3): "a", ("T/0", 4): "b"}


@pytest.mark.parametrize(
    "salad",
    [
        whole(choice("one"), choice("two")),
        stream(choice("on", reason=None), choice("tw", reason=None), choice("e"), choice("o")),
        stream(choice("one"), choice("two")),
    ],
)
def test_choices_that_cannot_be_told_apart_are_asked_for_one_by_one(salad: bytes) -> None:
    """Two under one index may be mixed in a stream: neither is trusted, and n is not sent again."""
    got = asked_of(salad, whole(choice("first")), whole(choice("second")), samples=(0, 1), seed=None)
    assert texts(got) == {("T/0", 0): "first", ("T/0", 1): "second"}


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": -5, "completion_tokens": -1},
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens": "7", "completion_tokens": [1]},
        {"prompt_tokens": float("nan"), "completion_tokens": float("inf")},
        {"prompt_tokens": True, "completion_tokens": {}},
        {"prompt_tokens": 10**400, "completion_tokens": 2**53 + 1},
        "many",
        [1, 2],
        None,
    ],
)
def test_nonsense_about_an_answer_does_not_cost_it(usage: Any) -> None:
    """Counts that are none are left out; so is a model that is a number."""
    (got,) = asked_of(whole(choice(), usage=usage, model=5, system_fingerprint=["x"]))
    assert isinstance(got, Completion)
    assert (got.text, got.prompt_tokens, got.completion_tokens) == ("good", None, None)
    assert (got.model, got.fingerprint) == ("", "")


def test_a_stream_without_counts_has_none() -> None:
    """Its events are no tokens: one may hold several."""
    (got,) = asked_of(stream(choice("go", reason=None), choice("od"), {"usage": {"completion_tokens": -3}}))
    assert (got.completion_tokens, got.tokens_from) == (None, None)


CUT = gzip.compress(json.dumps({"choices": [choice()]}).encode(), mtime=0)[:-12]
"""Names of tests hold it, which every process that runs tests has to find alike."""


@pytest.mark.parametrize(
    "lie",
    [
        answer_of(json.dumps(dict.fromkeys(("id", "model", "choices", "usage", "error"))).encode()),
        whole(None),
        whole("text"),
        whole({"index": None, "text": None, "finish_reason": None}),
        whole(choice(index="zero")),
        answer_of(b"null"),
        answer_of(b"[]"),
        answer_of(b""),
        answer_of(b"1" * 10_000),
        answer_of(b'{"choices": ' + b"[" * 200_000),
        answer_of(b"\xff\xfe" * 50),
        answer_of(b"not gzip at all", Content_Encoding="gzip"),
        answer_of(CUT, Content_Encoding="gzip"),
        answer_of(b"x", Content_Encoding="br"),
        stream_of(b"{" * 100_000),
        stream_of(b"null"),
        stream_of(done=True),
        stream_of({"choices": [choice("half", reason=None)]}, done=False),
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
def test_what_is_no_answer_is_asked_again_and_then_missing(lie: bytes) -> None:
    """A good answer at the second attempt is taken; without one the sample is missing, with a reason."""
    (got,) = asked_of(lie, whole(choice()))
    assert isinstance(got, Completion)
    assert (got.text, got.attempts) == ("good", 2)
    (lost,) = asked_of(lie)
    assert isinstance(lost, Missing)
    assert lost.error.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "lie",
    [
        refusal(500, b"[" * 19_000),
        refusal(500, b'{"error": ' * 1_500 + b'"deep"' + b"}" * 1_500),
        refusal(500, b"later", Retry_After="Mon, 99999999999999999999999 Jan 2026 00:00:00 GMT"),
        refusal(500, b"later", Retry_After="Mon, 01 Jan 2026 00:00:00 +9999999999999999999"),
    ],
)
def test_an_odd_error_is_an_error_like_any_other(lie: bytes) -> None:
    """Brackets without end, and dates that no calendar has: the next attempt is made."""
    (got,) = asked_of(lie, whole(choice()))
    assert isinstance(got, Completion)
    (lost,) = asked_of(lie)
    assert isinstance(lost, Missing)
    assert "answered 500" in lost.error
