"""Refusals: final ones end the asking in the server's words, those of a feature only the feature."""

import asyncio

import pytest

from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.errors import EndpointRefusedError
from evalsite.rundir.schema import Completion
from tests.client.helpers import client, outcomes, prompt, run, settings, texts
from tests.faulty_server import FaultyServer
from tests.gateway import Gateway


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 410, 501])
def test_a_refusal_ends_everything_at_once_in_the_servers_words(status: int) -> None:
    """Asking again would be refused again: one request, and the server's message in the error."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            with pytest.raises(EndpointRefusedError, match=f"{status}: words of {status}"):
                await outcomes(client(server.url, concurrency=1), [(prompt(n), (0,)) for n in range(5)])
            assert len(server.requests) == 1

    run(go())


@pytest.mark.parametrize("status", [400, 413, 422])
def test_several_prompts_that_are_refused_before_any_answer_end_it(status: int) -> None:
    """One may be too long; three with nothing in between are not asked on and on."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(*[f"http-{status}"] * 50)
            with pytest.raises(EndpointRefusedError, match=f"{status}: words of {status}"):
                await outcomes(client(server.url, concurrency=1), [(prompt(n), (0,)) for n in range(50)])
            assert len(server.requests) == 3

    run(go())


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_prompt_that_is_refused_before_any_answer_costs_itself(status: int) -> None:
    """A refusal is always quicker than an answer; what is said of the others decides."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            got = await outcomes(client(server.url, concurrency=1), [(prompt(n), (0,)) for n in range(5)])
        assert [(each.problem, each.error) for each in got if isinstance(each, Missing)] == [
            ("T/0", f"{server.url}/v1/completions answered {status}: words of {status}")
        ]
        assert len(texts(got)) == 4

    run(go())


@pytest.mark.parametrize("trusted", [True, False])
def test_a_run_that_has_answers_loses_the_refused_prompt_and_ends(trusted: bool) -> None:
    """Where nothing else is left to ask, a resumed run still knows that the server answers others."""

    async def go() -> list[object]:
        async with FaultyServer() as server:
            server.commit(*["http-400"] * 3)
            asking = client(server.url)
            if trusted:
                asking.trust()
            return [type(each) for each in await outcomes(asking, [(prompt(), (0,))])]

    if trusted:
        assert run(go()) == [Missing]
    else:
        with pytest.raises(EndpointRefusedError):
            run(go())


@pytest.mark.parametrize("seed", [None, 1])
def test_one_long_prompt_costs_no_feature(seed: int | None) -> None:
    """Refused with several choices and alone, it says nothing about either; the others go on as they did."""
    words = "This model's maximum context length is 40 tokens."

    async def go() -> None:
        async with FaultyServer(refused_prompts={"f3": words}) as server:
            work = [(prompt(n), tuple(range(10))) for n in range(31)]
            got = await outcomes(client(server.url, settings(seed=seed), concurrency=1), work)
        assert {each.problem for each in got if isinstance(each, Missing)} == {"T/3"}
        assert len(texts(got)) == 300
        assert len(server.requests) == (32 if seed is None else 310)
        assert all("stream" in request.body for request in server.requests)

    run(go())


@pytest.mark.parametrize(
    "words", ["no healthy upstream", "upstream connect error or disconnect/reset before headers"]
)
@pytest.mark.parametrize("status", [502, 503, 500, 404])
def test_a_gateways_words_about_its_upstream_are_none_about_streams(status: int, words: str) -> None:
    """Every request of the rest of the run still streams."""

    async def go() -> None:
        async with FaultyServer() as server, Gateway(server.url) as gateway, client(gateway.url) as asking:
            await asking.complete(prompt(), (0,))
            gateway.answer = status, words
            waiting = asyncio.create_task(asking.complete(prompt(1), (0,)))
            while not gateway.turned_away:
                await asyncio.sleep(0)
            gateway.answer = None
            await waiting
            await asking.complete(prompt(2), (0,))
        assert [request.body.get("stream") for request in server.requests] == [True] * 3

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
            got = []  # and the money runs out
            async with asking:
                with pytest.raises(EndpointRefusedError):
                    async for outcome in asking.generate((prompt(n), (0,)) for n in range(50)):
                        got.append(outcome.problem)
                        while len(got) == 1 and (len(server.requests) < 8 or server.in_flight):
                            await asyncio.sleep(0.01)
                        server.commit(*["http-402"] * 50)
                        await asyncio.sleep(0.05)  # long enough for the refusal to arrive meanwhile
            answered = len(server.requests) - server.committed["http-402"]
        assert answered >= 8
        assert sorted(got) == sorted(f"T/{n}" for n in range(answered))

    run(asyncio.wait_for(go(), 60))


@pytest.mark.parametrize("status", [401, 403, 404, 405, 307])
def test_what_was_taken_before_and_is_refused_now_is_waited_for(status: int) -> None:
    """A rotated key or a proxy without its backend: an outage, which costs no sample and no attempt."""

    async def go() -> None:
        async with FaultyServer() as server, client(server.url) as asking:
            await asking.complete(prompt(), (0,))
            server.commit(*[f"http-{status}"] * 30)
            (got,) = await asking.complete(prompt(1), (0,))
        assert got.attempts == 1
        assert len(server.requests) == 32

    run(go())


def test_an_outage_longer_than_the_patience_ends_it_in_the_servers_words() -> None:
    """With the time that was waited, and the option that waits longer."""
    limits = Timeouts(first_wait_s=0.005, longest_wait_s=0.02, shortest_wait_s=0.001, patience_s=0.2)

    async def go() -> None:
        async with FaultyServer() as server, client(server.url, timeouts=limits) as asking:
            await asking.complete(prompt(), (0,))
            server.commit(*["http-401"] * 1000)
            with pytest.raises(EndpointRefusedError, match="words of 401") as caught:
                await asking.complete(prompt(), (0,))
        assert "--patience" in caught.value.hint
        assert len(server.requests) > 3

    run(go())


@pytest.mark.parametrize(
    ("name", "words", "left_out"),
    [
        ("n", "n must be 1 when using greedy sampling", "n"),
        ("stream_options", "Unrecognized argument: stream_options", "stream_options"),
        ("stream", "Streaming is not enabled", "stream"),
        ("max_tokens", "Use 'max_completion_tokens' instead.", "max_tokens"),
        ("stop", "`stop` is not supported with this model", "stop"),
        ("stream_options", "extra fields not permitted: stream_options", "stream_options"),
        ("n", "Only one completion can be asked for", "n"),
        ("n", "n_cmpl cannot be greater than the number of slots", "n"),
        ("n", "this is nothing that anybody could read", "n"),
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
