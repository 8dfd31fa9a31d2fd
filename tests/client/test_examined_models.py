"""What the doctor finds out about models that think, that want other fields, or that still load."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from evalsite.client import Notice, parse_endpoint
from evalsite.client.choosing import choose_api
from evalsite.client.examination import Finding, examine, flags, is_talk, speaks
from evalsite.client.patience import Patience
from evalsite.errors import EndpointFaultError
from evalsite.rundir.schema import Api
from tests.client.helpers import answer_of, prompt, run, saying, settings

Habit = Callable[[dict[str, Any]], tuple[int, Any]]
"""The body of a request -> status and JSON of its answer."""


def answering(habit: Habit) -> Callable[[bytes], bytes]:
    """Serve both APIs by a habit, and a list of models."""

    def answer(request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        if head.startswith(b"GET"):
            return answer_of(b'{"data": [{"id": "m"}]}')
        status, told = habit(json.loads(body))
        return answer_of(json.dumps(told).encode()).replace(b" 200 OK", f" {status} X".encode(), 1)

    return answer


def said(text: str | None, finish: str = "stop", **message: Any) -> tuple[int, Any]:
    choice = {"message": {"content": text, **message}, "text": text or "", "finish_reason": finish}
    return 200, {"choices": [{"index": 0, **choice}], "usage": {"prompt_tokens": 5, "completion_tokens": 9}}


def refused(words: str) -> tuple[int, Any]:
    return 400, {"error": {"message": words}}


def findings(
    habit: Habit, notify: Callable[[Notice], None] = lambda _notice: None, **changes: Any
) -> dict[str, Finding]:
    async def go() -> list[Finding]:
        async with saying(answering(habit)) as (url, _):
            chosen = settings(**({"api": "chat", "stream": False} | changes))
            endpoint = parse_endpoint(url, chosen.api)
            return await examine(endpoint, chosen, model="m", patience=Patience(20, notify))

    return {finding.check: finding for finding in run(go())}


@pytest.mark.parametrize("told", [True, False])
def test_a_model_that_thinks_first_is_seen_to_answer(told: bool) -> None:
    """An empty answer of few tokens is not all that it can say; what it thought is compared, where told."""

    def thinks(body: dict[str, Any]) -> tuple[int, Any]:
        enough = body["max_tokens"] >= 60
        thought = {"reasoning_content": "hm, hm"} if told else {}
        return said("x = 1\n" if enough else None, "stop" if enough else "length", **thought)

    found = findings(thinks)
    assert found["thinking"] == Finding(
        "thinking", True, "it thinks first, and its answer comes within 64 tokens"
    )
    assert found["greedy twice"].ok is (True if told else None), "two empty answers are not the same"
    assert not [each for each in found.values() if each.ok is False]


def test_a_model_that_thinks_for_longer_than_it_may_gets_more_tokens() -> None:
    """The option that follows stands in the row."""
    found = findings(lambda _body: said("", "length", reasoning="hm"))
    assert (found["thinking"].ok, found["thinking"].flag) == (False, "--max-tokens 512")


def test_an_answer_that_is_all_in_the_reasoning_is_told() -> None:
    """No number of tokens would help: it is the server's parser."""
    found = findings(lambda _body: said(None, reasoning_content="def f(): return 1"))
    assert found["thinking"].ok is False
    assert "reasoning parser" in found["thinking"].detail


def test_a_model_that_wants_the_other_name_of_the_token_limit_is_examined_with_it() -> None:
    """As the run would ask it; no option is needed."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if "max_tokens" in body:
            return refused("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        return said("x = 1\n")

    found = findings(wants)
    assert found["token limit"].ok
    assert found["chat API"].ok
    assert not [each for each in found.values() if each.ok is False or each.flag]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_model_of_one_temperature_is_examined_at_it(temperature: float) -> None:
    """The option follows, unless it was given: then greedy answers were tried, and that is all."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if body["temperature"] != 1:
            return refused("Unsupported value: 'temperature'. Only the default (1) value is supported.")
        return said("x = 1\n")

    found = findings(wants, temperature=temperature, top_p=1.0)
    assert found["chat API"].ok
    assert found["greedy twice"].ok is None
    assert found["temperature"].ok is (None if temperature else False)
    assert flags(list(found.values())) == ([] if temperature else ["--temperature", "1"])


def test_a_server_that_takes_one_of_temperature_and_top_p_says_which_to_leave_out() -> None:
    """The row holds its words and the option; the other checks go on without top-p."""

    def wants(body: dict[str, Any]) -> tuple[int, Any]:
        if "top_p" in body:
            return refused("`temperature` and `top_p` cannot both be specified for this model.")
        return said("x = 1\n")

    found = findings(wants)
    assert (found["top-p"].ok, found["top-p"].flag) == (False, "--top-p 1")
    assert found["chat API"].ok


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_completions_that_answer_like_a_chat_are_told(api: Api) -> None:
    """An instruct model behind a completions page (Ollama): every program would be prose."""
    talk = "Here is the completed function:\n```python\n    return a - b\n```"
    found = findings(lambda body: said(talk if "prompt" in body else "x = 1\n"), api=api)
    row = found["continues code"]
    assert row.ok is (False if api == "completions" else None)
    assert row.detail.startswith("completions answers like a chat: 'Here is")
    assert row.flag == ("--api chat" if api == "completions" else "")


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("    return a - b\n", False),
        ("\n\ndef multiply(a, b):\n", False),
        ("    # here is the trick\n    return a - b", False),
        ("return a - b", False),
        ("  Here's the rest:", True),
        ("Sure! Below is", True),
        ("```python\n", True),
        ("**The completed** function", True),
        ("To complete this function", True),
    ],
)
def test_code_is_told_from_talk(text: str, talk: bool) -> None:
    """By how it begins."""
    assert is_talk(text) is talk


def test_a_server_where_nothing_works_speaks_no_api() -> None:
    """Two rows say NO, and nothing more is asked."""
    found = findings(lambda _body: (404, {"error": {"message": "not here"}}))
    assert not speaks(list(found.values()))
    assert [each.check for each in found.values() if each.ok is False] == ["completions API", "chat API"]


def loading(times: int) -> Habit:
    """Answer 503 so often."""
    asked: list[None] = []

    def habit(_body: dict[str, Any]) -> tuple[int, Any]:
        asked.append(None)
        return (503, {"error": {"message": "Loading model"}}) if len(asked) <= times else said("x = 1\n")

    return habit


def test_a_model_that_loads_is_waited_for() -> None:
    """It is said once, and every check is made after it."""
    heard: list[Notice] = []
    found = findings(loading(2), heard.append)
    assert found["chat API"].ok
    assert len(heard) == 1
    assert "503: Loading model; 1 request waiting" in heard[0].sentence


def choose(habit: Habit, patience: Patience) -> tuple[Api, str]:
    async def go() -> tuple[Api, str]:
        async with saying(answering(habit)) as (url, _):
            prompts: dict[Api, Any] = {"chat": prompt(), "completions": prompt()}
            return await choose_api(parse_endpoint(url), "m", prompts, patience=patience)

    return run(go())


def test_choosing_the_api_waits_for_a_model_that_loads() -> None:
    """More often than a failing server is tried; it is said, and the API is the right one."""
    heard: list[Notice] = []
    assert choose(loading(4), Patience(30, heard.append)) == ("chat", "")
    assert len(heard) == 1


def test_choosing_the_api_waits_no_longer_than_patience() -> None:
    """The server's words end it."""
    with pytest.raises(EndpointFaultError, match="503: Loading model"):
        choose(loading(1000), Patience(0.6))
