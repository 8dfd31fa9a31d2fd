"""The client against a real server on loopback: what is asked, what arrives, and how much at once."""

import asyncio

import pytest
from msgspec.structs import replace

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.errors import UsageError
from evalsite.rundir.schema import Completion
from tests.client.helpers import client, outcomes, prompt, run, settings
from tests.faulty_server import FaultyServer, meant


@pytest.mark.parametrize("api", ["completions", "chat"])
@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_arrives_byte_for_byte_and_is_measured(api: str, stream: bool) -> None:
    """Both APIs, streaming or not: text, tokens, times, the server's names."""

    async def go() -> None:
        chosen = settings(api=api, stream=stream, seed=1)
        async with FaultyServer() as server, client(server.url, chosen) as asking:
            (got,) = await asking.complete(prompt(), (0,))
        assert got.text == meant(prompt().text, 1)
        assert (got.model, got.fingerprint, got.finish_reason) == ("faulty-1", "fp_0", "stop")
        assert (got.prompt_tokens, got.completion_tokens, got.tokens_from) == (7, len(got.text), "usage")
        assert got.latency_s is not None
        assert got.latency_s > 0
        assert (got.first_token_s is not None) == stream
        assert got.received_at.endswith("Z")
        assert got.attempts == 1

    run(go())


def test_a_server_that_answers_in_one_piece_though_asked_to_stream() -> None:
    """The answer's own content type decides how it is read."""

    async def go() -> None:
        async with FaultyServer(streams=False) as server:
            (got,) = await outcomes(client(server.url, settings(seed=1)), [(prompt(), (0,))])
        assert isinstance(got, Completion)
        assert got.text == meant(prompt().text, 1)
        assert got.first_token_s is None

    run(go())


def test_a_stream_without_its_end_mark_is_complete_if_every_choice_says_so() -> None:
    """Some servers never send [DONE]; a finish reason is proof enough."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("no-done")
            (got,) = await outcomes(client(server.url, settings(seed=1)), [(prompt(), (0,))])
        assert isinstance(got, Completion)
        assert (got.text, got.attempts) == (meant(prompt().text, 1), 1)

    run(go())


def test_a_styles_stop_sequences_go_to_the_completions_api_only() -> None:
    """On chat they would cut answers and reasoning short; those that a user gives go to both, and first."""

    async def go() -> None:
        async with FaultyServer() as server:
            for api in ("completions", "chat"):
                async with client(server.url, settings(api=api, stop=("\nEND",))) as asking:
                    await asking.complete(prompt(), (0,))
        plain, chat = (request.body for request in server.requests)
        assert plain["stop"] == ["\nEND", "\ndef "]
        assert chat["stop"] == ["\nEND"]

    run(go())


def test_the_settings_are_sent_as_they_are() -> None:
    """Temperature, top_p, token limit, model, and a system message on chat."""

    async def go() -> None:
        async with FaultyServer() as server:
            asking = client(
                server.url, settings(api="chat", system="Be brief.", temperature=0.0, max_tokens=5)
            )
            async with asking:
                await asking.complete(prompt(text="hello"), (0,))
        body = server.requests[0].body
        assert body["messages"] == [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hello"},
        ]
        assert (body["temperature"], body["top_p"], body["max_tokens"], body["model"]) == (0.0, 0.95, 5, "m")

    run(go())


def test_lone_surrogates_are_replaced_and_torn_pairs_joined() -> None:
    """A model's token may end inside of a character; no file can hold half of one."""

    def torn(_prompt: str, _seed: int | None, _index: int) -> str:
        return "a\ud83d\ude00b\ud800c"

    async def go() -> None:
        async with FaultyServer(answer=torn) as server:
            for stream in (True, False):
                async with client(server.url, settings(stream=stream)) as asking:
                    (got,) = await asking.complete(prompt(), (0,))
                assert got.text == "a😀b\ufffdc"

    run(go())


def test_the_concurrency_is_kept_and_never_exceeded() -> None:
    """As many requests in flight as were allowed, and work pulled no further than that needs."""
    pulled = 0

    def work():
        nonlocal pulled
        for pulled in range(100):
            yield prompt(pulled), (0,)

    async def go() -> None:
        async with FaultyServer(latency_s=0.02) as server, client(server.url, concurrency=7) as asking:
            stream = asking.generate(work())
            await anext(stream)
            assert pulled < 30
            assert len([each async for each in stream]) == 99
        assert server.most_in_flight == 7

    run(go())


def test_closing_the_iterator_cancels_what_is_in_flight() -> None:
    """An interrupted run leaves no request behind, and the client can be used again."""

    async def go() -> None:
        async with FaultyServer() as server, client(server.url, concurrency=4) as asking:
            server.commit("", "stall", "stall", "stall")
            stream = asking.generate((prompt(n), (0,)) for n in range(4))
            await anext(stream)
            await stream.aclose()
            assert await asking.complete(prompt(9), (0,))

    run(asyncio.wait_for(go(), 60))


def test_an_error_in_the_work_itself_comes_through() -> None:
    """The iterable is the caller's; what it raises is raised again, and nothing hangs."""

    def broken():
        yield prompt(), (0,)
        raise RuntimeError("the disk is gone")

    async def go() -> None:
        async with FaultyServer() as server:
            with pytest.raises(RuntimeError, match="the disk is gone"):
                await outcomes(client(server.url), broken())

    run(asyncio.wait_for(go(), 60))


def test_a_query_in_the_url_is_sent() -> None:
    """Some gateways want a version or a key there."""

    async def go() -> None:
        seen: list[str] = []
        async with FaultyServer() as server:
            original = server._post

            async def spy(request):
                seen.append(request.query_string)
                return await original(request)

            server._post = spy  # type: ignore[method-assign]
        async with server, client(f"{server.url}/v1/completions?api-version=7") as asking:
            await asking.complete(prompt(), (0,))
        assert seen == ["api-version=7"]

    run(go())


def test_impossible_clients_are_refused() -> None:
    """No endpoint, no concurrency, or an endpoint of the other API."""
    with pytest.raises(UsageError, match="no endpoint"):
        Client([], settings(), model="m")
    with pytest.raises(UsageError, match="at least 1"):
        client("http://h", concurrency=-1)
    with pytest.raises(UsageError, match="speak the chat API"):
        Client([parse_endpoint("http://h/v1/completions")], settings(api="chat"), model="m")


def test_no_more_than_four_stop_sequences_are_sent_and_the_rest_cut_here() -> None:
    """OpenAI and TGI refuse a fifth; the text is the same as if they did not."""
    stops = tuple(f"\n{word} " for word in ("class", "def", "if", "for", "print"))

    def answer(_prompt: str, _seed: int | None, _index: int) -> str:
        return "    return 1\nprint (f(1))\ndef g(): ..."

    async def go() -> None:
        asked = replace(prompt(), stop=stops)
        for honours in (True, False):
            async with FaultyServer(answer=answer, honours_stop=honours, finish_reason="length") as server:
                async with client(server.url) as asking:
                    (got,) = await asking.complete(asked, (0,))
            assert server.requests[0].body["stop"] == list(stops[:4])
            assert (got.text, got.finish_reason) == ("    return 1", "stop")

    run(go())


def test_nothing_that_is_a_default_is_sent_and_everything_that_is_asked_for() -> None:
    """top_p of 1 is refused by some servers, and a seed or a top_k that nobody wanted changes answers."""

    async def go() -> None:
        async with FaultyServer() as server:
            async with client(server.url, settings(top_p=1.0)) as asking:
                await asking.complete(prompt(), (0,))
            much = settings(
                api="chat", top_p=0.9, top_k=5, min_p=0.1, reasoning_effort="low", stop=("END",),
                extra={"chat_template_kwargs": {"enable_thinking": False}, "repeat_penalty": 1.0},
            )  # fmt: skip
            async with client(server.url, much) as asking:
                await asking.complete(replace(prompt(), prefill="Sure:\n"), (0,))
        little, all_ = (request.body for request in server.requests)
        assert set(little) == {
            "model",
            "prompt",
            "stop",
            "temperature",
            "max_tokens",
            "stream",
            "stream_options",
        }
        assert all_["messages"][-1] == {"role": "assistant", "content": "Sure:\n"}
        assert (all_["continue_final_message"], all_["add_generation_prompt"]) == (True, False)
        sent = {
            "top_p": 0.9,
            "top_k": 5,
            "min_p": 0.1,
            "reasoning_effort": "low",
            "stop": ["END"],
            **much.extra,
        }
        assert sent.items() <= all_.items()

    run(go())
