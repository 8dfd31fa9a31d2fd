"""Refusals: final ones end the asking in the server's words, those of a feature only the feature."""

import asyncio

import pytest

from evalsite.client import Missing
from evalsite.errors import EndpointRefusedError
from evalsite.rundir.schema import Completion
from tests.client.helpers import client, outcomes, prompt, run, texts
from tests.faulty_server import FaultyServer


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
def test_a_refusal_ends_everything_at_once_in_the_servers_words(status: int) -> None:
    """Asking again would be refused again: one request, and the server's message in the error."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            with pytest.raises(EndpointRefusedError, match=f"{status}: words of {status}"):
                await outcomes(client(server.url, concurrency=1), [(prompt(n), (0,)) for n in range(5)])
            assert len(server.requests) == 1

    run(go())


def test_a_refusal_within_a_stream_is_a_refusal() -> None:
    """Some servers have sent status 200 by the time that they look at the prompt."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("refusal-event")
            with pytest.raises(EndpointRefusedError, match="the prompt is too long"):
                await outcomes(client(server.url), [(prompt(), (0,))])
            assert len(server.requests) == 1

    run(go())


def test_a_redirect_is_a_refusal_that_names_the_new_place() -> None:
    """A POST is not sent elsewhere behind the user's back: credentials would go with it."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-307")
            with pytest.raises(EndpointRefusedError, match=r"moved to http://127\.0\.0\.1/elsewhere"):
                await outcomes(client(server.url), [(prompt(), (0,))])

    run(go())


def test_a_refusal_of_one_prompt_leaves_the_others_alone() -> None:
    """Once the server has answered, a 400 (a prompt that is too long) costs that sample only."""

    async def go() -> None:
        async with FaultyServer() as server:
            asking = client(server.url, concurrency=1)
            async with asking:
                await asking.complete(prompt(9), (0,))
                server.commit("http-400")
                got = [each async for each in asking.generate([(prompt(n), (0,)) for n in range(3)])]
        assert [type(each) for each in got] == [Missing, Completion, Completion]
        assert isinstance(got[0], Missing)
        assert got[0].kind == "refused"
        assert "words of 400" in got[0].error

    run(go())


def test_what_was_answered_before_a_refusal_comes_through_however_slow_the_caller() -> None:
    """The caller is busy grading while answers pile up and the key expires: none of them is lost."""

    async def go() -> None:
        async with FaultyServer() as server:
            asking = client(server.url, concurrency=4)
            got = []
            async with asking:
                with pytest.raises(EndpointRefusedError):
                    async for outcome in asking.generate((prompt(n), (0,)) for n in range(50)):
                        got.append(outcome.problem)
                        while len(got) == 1 and (len(server.requests) < 8 or server.in_flight):
                            await asyncio.sleep(0.01)
                        server.commit(*["http-401"] * 50)
                        await asyncio.sleep(0.05)  # long enough for the refusal to arrive meanwhile
            answered = len(server.requests) - server.committed["http-401"]
        assert answered >= 8
        assert sorted(got) == sorted(f"T/{n}" for n in range(answered))

    run(asyncio.wait_for(go(), 60))


def test_a_key_that_expires_midway_stops_the_run() -> None:
    """A 401 is about every prompt, whenever it comes."""

    async def go() -> None:
        async with FaultyServer() as server, client(server.url) as asking:
            await asking.complete(prompt(), (0,))
            server.commit("http-401")
            with pytest.raises(EndpointRefusedError):
                await asking.complete(prompt(), (0,))

    run(go())


@pytest.mark.parametrize(
    ("name", "words", "left_out"),
    [
        ("n", "n must be 1 when using greedy sampling", "n"),
        ("stream_options", "Unrecognized argument: stream_options", "stream_options"),
        ("stream", "Streaming is not enabled", "stream"),
        ("max_tokens", "Use 'max_completion_tokens' instead.", "max_tokens"),
    ],
)
def test_an_optional_feature_that_is_refused_is_left_out(name: str, words: str, left_out: str) -> None:
    """Many requests meet the refusal at once; none of them gives up more than the feature in question."""

    async def go() -> None:
        async with FaultyServer(refused_words={name: words}) as server:
            work = [(prompt(n), (0, 1)) for n in range(20)]
            got = await outcomes(client(server.url, concurrency=10), work)
        last = server.requests[-1].body
        assert len(texts(got)) == 40
        assert left_out not in last
        others = {"stream", "stream_options", "max_tokens"} - {left_out}
        assert others - {"stream_options"} <= last.keys()

    run(go())


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (400, "evalsite doctor"),
        (401, "--api-key-env"),
        (403, "--api-key-env"),
        (404, "Check the URL's path, and the model's name"),
        (405, "evalsite doctor"),
    ],
)
def test_a_refusal_says_what_to_do_next(status: int, hint: str) -> None:
    """A key, a path or a name: each has a remedy of its own."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            with pytest.raises(EndpointRefusedError) as caught:
                await outcomes(client(server.url), [(prompt(), (0,))])
        assert hint in caught.value.hint

    run(go())
