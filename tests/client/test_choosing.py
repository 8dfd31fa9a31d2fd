"""Which API a server is asked by, where nobody says: what it answers decides, and is told."""

from typing import Any

import pytest

from evalsite.client.choosing import choose_api
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.patience import Patience
from evalsite.client.waiting import Notice
from evalsite.errors import EndpointFaultError
from evalsite.rundir.schema import Api
from evalsite.rundir.store import RunDir
from tests.cli.helpers import running
from tests.client.helpers import Habit, answering, loading, prompt, run, saying
from tests.faulty_server import FaultyServer
from tests.odd_server import OddServer

ANSWER = "```python\ndef has_close_elements(numbers, threshold):\n    return False\n```\n"


def asked(evalsite, server, *options, path=""):
    return evalsite(
        "run", "--model-endpoint", server.url + path, "--model-name", "m", "--max-problems", 1, "--no-grade",
        *options,
    )  # fmt: skip


def recorded(tmp_path, done):
    """API and prompt style of the run that was made."""
    settings = RunDir(tmp_path / done.stdout.strip()).read_run().settings
    return settings.api, settings.prompt


@pytest.mark.parametrize("path", ["", "/v1"])
def test_a_server_that_chats_is_asked_by_chat(evalsite, tmp_path, path):
    """Also where it continues text as well: a chat model would answer that worse, and nobody would see it."""
    with running(FaultyServer(answer=lambda *_: ANSWER)) as server:
        done = asked(evalsite, server, path=path)
    assert done.returncode == 0, done.stderr
    assert recorded(tmp_path, done) == ("chat", "chat-v1")
    assert "asked by the chat API, which it answers (--api completions for a base model)" in done.stderr
    assert {request.path for request in server.requests} == {"/v1/chat/completions"}


def test_a_server_without_chat_is_asked_to_continue(evalsite, tmp_path):
    """As vLLM is without a chat template; its words are told."""
    refusal = {"messages": "no chat template"}
    with running(FaultyServer(answer=lambda *_: "    return 1\n", refused_words=refusal)) as server:
        done = asked(evalsite, server)
    assert done.returncode == 0, done.stderr
    assert recorded(tmp_path, done) == ("completions", "completion-v1")
    assert "by the completions API, since it has no chat" in done.stderr
    assert "answered 400: no chat template" in done.stderr


@pytest.mark.parametrize("fault", ["no-choices", "aborted", "malformed", "http-503", "reset"])
def test_an_accident_is_no_word_on_the_api(evalsite, tmp_path, fault):
    """One bad answer of a chat model does not make a base model of it."""
    server = FaultyServer(answer=lambda *_: ANSWER)
    server.commit(fault)
    with running(server):
        done = asked(evalsite, server)
    assert recorded(tmp_path, done) == ("chat", "chat-v1")


@pytest.mark.parametrize(("option", "api"), [("chat", "chat"), ("completions", "completions")])
def test_what_is_named_is_not_asked_for(evalsite, tmp_path, option, api):
    """By option or by path: no question more than the run's own, and nothing is told."""
    with running(FaultyServer()) as server:
        done = asked(evalsite, server, "--api", option)
        assert recorded(tmp_path, done)[0] == api
        done = asked(evalsite, server, path="/v1/completions")
    assert recorded(tmp_path, done)[0] == "completions"
    assert len(server.requests) == 2
    assert "asked by" not in done.stderr


def test_a_server_that_speaks_neither_is_told_and_leaves_no_run(evalsite, tmp_path):
    """In its own words, exit code 4."""
    with running(FaultyServer(refused_words={"messages": "no such model", "prompt": "no"})) as server:
        done = asked(evalsite, server)
    assert done.returncode == 4
    assert "answered 400: no such model" in " ".join(done.stderr.split())
    assert "no run is left" in done.stderr
    assert not (tmp_path / "runs").exists()
    gone = asked(evalsite, server)
    assert gone.returncode == 4
    assert "Is the server up, and this its address?" in gone.stderr


def test_a_first_problem_that_is_refused_for_its_length_is_no_word_on_the_api(evalsite, tmp_path):
    """It costs its own sample, as it does where the API is named."""
    refused = {"has_close_elements": "maximum context length is 40 tokens, however you requested 2000 tokens"}
    with running(FaultyServer(refused_prompts=refused)) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade",
            "--problems", "HumanEval/0,HumanEval/1,HumanEval/2",
        )  # fmt: skip
    assert done.returncode == 8, done.stderr
    assert recorded(tmp_path, done) == ("chat", "chat-v1")
    assert "2 answers, not graded yet" in done.stderr
    assert "1 sample could not be had" in done.stderr


@pytest.mark.parametrize(("temperature", "code"), [(1, 0), (0, 4)])
def test_a_temperature_that_is_refused_is_no_word_on_the_api(evalsite, shared, temperature, code):
    """Reasoning models take 1 alone: the question must not be what ends a run that asks for it."""
    with running(OddServer(shared, "temp_unsupported")) as server:
        done = asked(evalsite, server, "--temperature", temperature)
    assert done.returncode == code, done.stderr
    assert ("Perhaps with --temperature 1" in done.stderr) is (code == 4)


def test_the_first_server_that_can_be_reached_says_which_api(evalsite, tmp_path):
    """One of two that is away at the start ends nothing."""
    with running(FaultyServer(answer=lambda *_: ANSWER)) as server:
        done = asked(evalsite, server, "--model-endpoint", "http://127.0.0.1:9")
        assert done.returncode == 0, done.stderr
        done = evalsite(
            "run", "--model-endpoint", "http://127.0.0.1:9", "--model-endpoint", server.url,
            "--model-name", "m", "--max-problems", 1, "--no-grade",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert recorded(tmp_path, done) == ("chat", "chat-v1")


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
