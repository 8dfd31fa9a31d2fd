"""Recorded shapes of real servers, all of them: each is read, or lost at once with the server's own words."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing, Outcome
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Api, Completion, Prompt, Settings
from tests.client.helpers import answer_of, client, outcomes, prompt, run, saying, settings
from tests.odd_server import OddServer

PATIENT = Timeouts(
    request_s=30, attempts=4, first_wait_s=0.005, longest_wait_s=0.02, shortest_wait_s=0.001, unproven_s=20
)
PROMPTS = [
    Prompt(
        problem=f"Tiny/{number}",
        text=f'def {name}(x):\n    """ Do it.\n    """\n',
        form="completion",
        stop=("\nclass ", "\ndef ", "\n#", "\nif ", "\nprint(", "\n```"),
    )
    for number, name in enumerate(["plus_one", "twice", "largest", "evens", "shout", "mean"])
]
READ = """tgi stop4 extra_forbidden max_completion n_refused n_500 err200_code loading503 retry_after_date
sse_as_plain sse_as_octets no_ctype json_as_sse stream_default stream_always single_newline
keepalive utf8_split choices_null_first error_midstream event_error finish_dict finish_empty
no_finish no_usage usage_float index_string reasoning_dict content_parts default retry_after_long
system_refused models_list models_null models_strings models_ollama""".split()  # noqa: SIM905 - a table of names
OTHERS = {
    "temp_unsupported", "toolong_first", "content_filter", "status402", "err200_message", "finish_max_tokens",
    "all_in_reasoning", "eos_in_text", "eos_in_text2", "tls",
}  # fmt: skip


def ask(
    shared: Path, habit: str, api: Api, *, stream: bool = True, samples: int = 1
) -> tuple[list[Outcome], OddServer]:
    """Ask a server with this habit for all problems; the waits that it asks for are a hundredth as long."""

    async def go() -> tuple[list[Outcome], OddServer]:
        server = OddServer(shared, habit)
        chosen = Settings(api=api, prompt="any", temperature=0.0, top_p=1.0, max_tokens=64, stream=stream)
        async with server:
            endpoint = parse_endpoint(server.url, api)
            async with Client([endpoint], chosen, model="m", timeouts=PATIENT) as asking:
                work = [(each, tuple(range(samples))) for each in PROMPTS]
                return [each async for each in asking.generate(work)], server

    return run(asyncio.wait_for(go(), 120))


def test_the_table_holds_every_recorded_shape(shared: Path) -> None:
    """A new one in the folder has to be tried here, too."""
    assert OddServer(shared, "default").habits == {*READ, *OTHERS}


@pytest.mark.parametrize("api", ["completions", "chat"])
@pytest.mark.parametrize("habit", READ)
def test_a_shape_is_read_streamed_or_not(shared: Path, habit: str, api: Api) -> None:
    """Every problem gets the answer that was meant, byte for byte."""
    for stream in (True,) if habit == "retry_after_date" else (True, False):  # that one takes seconds
        got, server = ask(shared, habit, api, stream=stream, samples=2)
        found = {(each.problem, each.sample): each.text for each in got if isinstance(each, Completion)}
        right = {each.problem: server.right_answer(each.text, chat=api == "chat") for each in PROMPTS}
        if habit == "utf8_split" and stream:
            right = {problem: text.rstrip() + "\n# é ✓ 😀\n" for problem, text in right.items()}
        if api == "completions":  # where a stop sequence was, it ends
            right = {problem: text.partition("\n#")[0] for problem, text in right.items()}
        assert found == {(problem, sample): text for problem, text in right.items() for sample in (0, 1)}


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_answers_that_were_cut_off_say_so_in_one_word(shared: Path, api: Api) -> None:
    """Whatever the server calls it, they end with ``length``."""
    got, _ = ask(shared, "finish_max_tokens", api)
    assert [each.finish_reason for each in got if isinstance(each, Completion)] == ["length"] * 6


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        ("status402", "402: Insufficient credits"),
        ("err200_message", "daily limit reached"),
        ("temp_unsupported", "Only the default (1) value is supported"),
    ],
)
def test_a_server_that_answers_nobody_ends_it_at_once_in_its_own_words(
    shared: Path, habit: str, words: str
) -> None:
    """Not after minutes of retries, and not as something that could not be read."""
    with pytest.raises(EndpointError) as caught:
        ask(shared, habit, "chat")
    assert words in caught.value.message


@pytest.mark.parametrize("habit", ["toolong_first", "content_filter"])
def test_one_refused_prompt_costs_itself(shared: Path, habit: str) -> None:
    """Also when its refusal comes before any answer."""
    got, server = ask(shared, habit, "chat", samples=3)
    lost = {each.problem for each in got if isinstance(each, Missing)}
    assert len(lost) == 1
    assert len([each for each in got if isinstance(each, Completion)]) == 15
    assert len(server.asked) <= 6 * 3 + 2


CHAT = {"index": 0, "finish_reason": "stop"}


@pytest.mark.parametrize(
    ("body", "kind", "text", "thought"),
    [
        (b'\xef\xbb\xbf{"choices": [%s]}', "application/json", "a", ""),
        (b'\n\n \n{"choices": [%s]}', "application/json", "a", ""),
        (b'{"choices": [%s]}\n\ndata: [DONE]\n\n', "application/json", "a", ""),
        (b'{"choices": [%s]}[DONE]', "text/event-stream", "a", ""),
        (b'data:{"choices": [%s]}\ndata:[DONE] \n', "text/plain", "a", ""),
        (b'\xef\xbb\xbfdata: {"choices": [%s]}\n\ndata: [DONE]', "text/event-stream", "a", ""),
        (
            b'event: message\ndata: {"choices": [%s]}\nevent: message\ndata: [DONE]\n',
            "application/json",
            "a",
            "",
        ),
        (b'id: 1\ndata: {"choices": [%s]} \n\n: bye', "application/x-ndjson", "a", ""),
        (b'retry: 5\n\ndata: {"choices": [%s]}', "text/event-stream", "a", ""),
    ],
)
def test_packing_does_not_matter(body: bytes, kind: str, text: str, thought: str) -> None:
    """A byte order mark, blanks, one line end, an end mark with blanks or none, any content type."""
    del thought
    part = "delta" if b"data:{" in body or b"data: {" in body else "message"
    choice = json.dumps(CHAT | {part: {"content": text}}).encode()

    async def go() -> list[Outcome]:
        async with saying(answer_of(body % choice, kind)) as (url, _):
            return await outcomes(client(url, settings(api="chat")), [(prompt(), (0,))])

    (got,) = run(go())
    assert isinstance(got, Completion), got
    assert (got.text, got.finish_reason, got.attempts) == (text, "stop", 1)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("message", "text", "thought"),
    [
        ({"content": "a", "reasoning": {"text": "hm"}}, "a", "hm"),
        ({"content": "a", "reasoning": [{"type": "text", "text": "h"}, "m"]}, "a", "hm"),
        ({"content": "a", "reasoning_content": {"summary": [{"text": "hm"}]}}, "a", "hm"),
        ({"content": {"type": "text", "text": "a"}}, "a", ""),
        ({"content": ["a", {"type": "text", "text": "b"}]}, "ab", ""),
        ({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}]}, "a", "hm"),
        ({"content": [{"type": "reasoning", "text": "hm"}, {"type": "text", "text": "a"}]}, "a", "hm"),
        ({"content": "a", "reasoning": 7, "refusal": False}, "a", ""),
    ],
)
def test_thoughts_are_told_from_answers_in_any_shape(
    message: Any, text: str, thought: str, stream: bool
) -> None:
    """What was thought is kept aside, what was said is the answer; index and counts may be of any type."""
    choice = {"index": "0", "finish_reason": {"type": "stop"}, "delta" if stream else "message": message}
    body = json.dumps({"choices": [choice], "usage": {"completion_tokens": 3.0}}).encode()

    async def go() -> list[Outcome]:
        packed = answer_of(b"data: " + body + b"\n\n", "text/event-stream") if stream else answer_of(body)
        async with saying(packed) as (url, _):
            return await outcomes(client(url, settings(api="chat", stream=stream)), [(prompt(), (0,))])

    (got,) = run(go())
    assert isinstance(got, Completion), got
    assert (got.text, got.reasoning, got.completion_tokens) == (text, thought, 3)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "the disk is gone"}}, "the disk is gone"),
        ({"error": "the disk is gone"}, "the disk is gone"),
        ({"message": "the disk is gone", "code": "E7"}, "the disk is gone"),
        ({"detail": [{"loc": ["body", "logprobs"], "msg": "bad value"}]}, "logprobs: bad value"),
        ({"object": "error", "message": "the disk is gone"}, "the disk is gone"),
        ({"error_msg": "the disk is gone", "error_code": 18}, "the disk is gone"),
    ],
)
def test_an_error_in_place_of_an_answer_keeps_the_servers_words(body: Any, words: str) -> None:
    """With status 200 and nothing to read: told after three tries, not after ten."""

    async def go() -> tuple[list[Outcome], int]:
        async with saying(answer_of(json.dumps(body).encode())) as (url, asked):
            return await outcomes(client(url), [(prompt(), (0,))]), len(asked)

    (got,), requests = run(go())
    assert isinstance(got, Missing)
    assert words in got.error
    assert requests == 3
