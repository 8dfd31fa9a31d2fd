"""Answers taken away, cut in half, or in a shape that is no stream: missing, not the model's."""

import asyncio
import json
from typing import Any

import pytest

from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.rundir.schema import Api, Completion
from tests.client.helpers import (
    answer_of,
    client,
    outcomes,
    prompt,
    run,
    saying,
    settings,
    stream_of,
    texts,
)

TWICE = Timeouts(request_s=20, attempts=2, first_wait_s=0.001, longest_wait_s=0.001)

Choices = list[dict[str, Any]]


def chat(content: str, reason: str | None, index: int = 0, key: str = "delta") -> dict[str, Any]:
    return {"index": index, "finish_reason": reason, key: {"content": content}}


def plain(text: str, reason: str | None, index: int = 0) -> dict[str, Any]:
    return {"index": index, "finish_reason": reason, "text": text}


def whole(*choices: dict[str, Any]) -> bytes:
    return answer_of(json.dumps({"choices": choices}).encode())


def stream(*choices: dict[str, Any]) -> bytes:
    return stream_of(*({"choices": [choice]} for choice in choices))


def ask(
    *answers: bytes, api: Api, samples: tuple[int, ...] = (0,), problems: int = 1, **changes: Any
) -> tuple[list[Any], int]:
    """Ask for samples; return the outcomes and how many requests it took."""

    async def go() -> tuple[list[Any], int]:
        async with saying(*answers) as (url, requests):
            asking = client(url, settings(api=api, **changes), concurrency=1, timeouts=TWICE)
            work = [(prompt(number), samples) for number in range(problems)]
            return await outcomes(asking, work), len(requests)

    return run(asyncio.wait_for(go(), 60))


@pytest.mark.parametrize(
    ("answer", "api"),
    [
        (whole(plain("    return", "content_filter")), "completions"),
        (whole(chat("I can", "content_filter", key="message")), "chat"),
        (stream(plain("    ret", None), plain("", "content_filter")), "completions"),
        (stream(chat("```", None), chat("", "content_filter")), "chat"),
        (stream(chat("```", None), chat("", "content_filter: RECITATION")), "chat"),
        (stream(chat("```", None), chat("", "SAFETY")), "chat"),
    ],
)
def test_what_a_filter_took_away_is_missing(answer: bytes, api: Api) -> None:
    """Not empty, not half a program: asked once, for the filter would say the same again."""
    got, requests = ask(answer, api=api)
    assert [(each.kind, each.sample) for each in got if isinstance(each, Missing)] == [("filtered", 0)]
    assert len(got) == requests == 1
    assert "filter" in got[0].error


def test_a_filter_takes_its_own_choice_only() -> None:
    """The others of the request are answers, and nobody asks again."""
    answer = whole(plain("a", "stop", 0), plain("", "content_filter", 1), plain("c", "length", 2))
    got, requests = ask(answer, api="completions", samples=(4, 5, 6))
    assert texts(got) == {("T/0", 4): "a", ("T/0", 6): "c"}
    assert [each.sample for each in got if isinstance(each, Missing)] == [5]
    assert requests == 1


def test_a_filter_that_takes_everything_is_no_dead_server() -> None:
    """However many it takes in a row, the next problem is asked."""
    got, requests = ask(whole(plain("", "content_filter")), api="completions", problems=12)
    assert [each.kind for each in got] == ["filtered"] * 12
    assert requests == 12


@pytest.mark.parametrize(
    ("half", "api", "kind"),
    [
        (stream(plain("    return 2", None)), "completions", "cut-off"),
        (stream(chat("```python", None)), "chat", "cut-off"),
        (stream(chat("whole", None, key="message"), chat("", "stop", key="message")), "chat", "malformed"),
        (stream(chat("whole", "stop", key="message")), "chat", "malformed"),
        (stream(chat("whole", None, key="message"), chat("", "stop")), "chat", "malformed"),
        (stream({"index": 0, "finish_reason": "stop"}), "chat", "malformed"),
        (stream({"index": 0, "finish_reason": "stop"}), "completions", "malformed"),
        (stream(plain("x", None), plain("", "insufficient_system_resource")), "completions", "aborted"),
    ],
)
def test_half_an_answer_is_asked_for_again_and_then_missing(half: bytes, api: Api, kind: str) -> None:
    """[DONE] without a finish reason, whole messages or nothing at all where deltas should be."""
    got, requests = ask(half, api=api)
    assert [each.kind for each in got if isinstance(each, Missing)] == [kind]
    assert requests == 2
    good = stream(chat("good", "stop")) if api == "chat" else stream(plain("good", "stop"))
    got, _ = ask(half, good, api=api)
    assert texts(got) == {("T/0", 0): "good"}


@pytest.mark.parametrize(
    ("empty", "api"),
    [
        (stream(chat("", "stop")), "chat"),
        (stream({"index": 0, "delta": {}, "finish_reason": "stop"}), "chat"),
        (stream(plain("", "stop")), "completions"),
    ],
)
def test_an_empty_answer_is_the_models_own(empty: bytes, api: Api) -> None:
    """It ended by itself, in the shape of a stream, and said nothing."""
    got, _ = ask(empty, api=api)
    assert [(each.text, each.finish_reason) for each in got if isinstance(each, Completion)] == [("", "stop")]


def test_choices_that_nobody_asked_for_are_no_samples() -> None:
    """A retry asks for one; a server that gives four has answered for that one alone."""
    four = whole(*(plain(f"answer {index}", "stop", index) for index in range(4)))
    error = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    got, requests = ask(
        error, four, *[whole(plain("own", "stop"))] * 3, api="completions", samples=(0, 1, 2, 3)
    )
    assert texts(got) == {("T/0", 0): "answer 0"} | {("T/0", sample): "own" for sample in (1, 2, 3)}
    assert requests == 5
    assert next(each.choices for each in got if each.sample == 0) == 4


def test_a_seeded_request_is_for_its_own_sample_alone() -> None:
    """Its seed is recorded with it."""
    two = whole(plain("first", "stop", 0), plain("second", "stop", 1))
    got, _ = ask(two, api="completions", samples=(0, 1), seed=7)
    assert texts(got) == {("T/0", 0): "first", ("T/0", 1): "first"}
    assert [each.seed for each in got] == [7, 1_000_010]
