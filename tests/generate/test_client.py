"""The client against a real server on loopback that commits every fault there is."""

import asyncio
import json
from collections import Counter

import pytest

from evalsite.errors import EndpointError, EndpointFaultError, EndpointRefusedError, UsageError
from evalsite.generate.client import Client, Missing, Timeouts, parse_endpoint, seed_for
from evalsite.rundir.schema import Completion
from tests.faulty_server import STALLS, TRANSIENT, FaultyServer, meant
from tests.generate.helpers import QUICK, client, outcomes, prompt, run, settings

SHORT = Timeouts(
    idle_s=0.3, request_s=0.6, deadline_s=30, attempts=12, first_wait_s=0.005, longest_wait_s=0.02
)


def texts(found: list[Completion | Missing]) -> dict[tuple[str, int], str]:
    return {(each.problem, each.sample): each.text for each in found if isinstance(each, Completion)}


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


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("fault", TRANSIENT)
def test_another_attempt_gets_round_a_passing_fault(fault: str, stream: bool) -> None:
    """Each fault costs one attempt, and none of them leaves a trace in the text."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault)
            async with client(server.url, settings(stream=stream, seed=1)) as asking:
                (got,) = await asking.complete(prompt(), (0,))
        assert got.text == meant(prompt().text, 1)
        assert got.attempts == 2

    run(go())


@pytest.mark.parametrize("fault", STALLS)
def test_a_stalled_request_is_given_up_and_asked_again(fault: str) -> None:
    """Silence ends with a time limit: before the first byte the request's, within a stream the idle one."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault)
            async with client(server.url, settings(seed=1), timeouts=SHORT) as asking:
                (got,) = await asking.complete(prompt(), (0,))
        assert got.text == meant(prompt().text, 1)
        assert got.attempts == 2

    run(go())


@pytest.mark.parametrize("fault", [*TRANSIENT, "stall"])
def test_a_sample_that_cannot_be_had_is_missing_and_the_error_says_why(fault: str) -> None:
    """After the last attempt the outcome is Missing, with the kind of the failure, not an exception."""
    limits = Timeouts(request_s=0.2, attempts=2, first_wait_s=0.001, longest_wait_s=0.001)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(fault, fault)
            (got,) = await outcomes(client(server.url, timeouts=limits), [(prompt(), (3,))])
            assert isinstance(got, Missing)
            assert (got.problem, got.sample) == ("T/0", 3)
            assert server.url in got.error
            assert len(server.requests) == 2
            assert got.kind in {
                "reset",
                "timeout",
                "http",
                "html",
                "malformed",
                "cut-off",
                "no-choices",
                "aborted",
            }

    run(go())


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


def test_a_key_that_expires_midway_stops_the_run() -> None:
    """A 401 is about every prompt, whenever it comes."""

    async def go() -> None:
        async with FaultyServer() as server, client(server.url) as asking:
            await asking.complete(prompt(), (0,))
            server.commit("http-401")
            with pytest.raises(EndpointRefusedError):
                await asking.complete(prompt(), (0,))

    run(go())


def test_retry_after_is_honoured() -> None:
    """The server's own wish replaces our backoff, which would have been far longer here."""
    patient = Timeouts(first_wait_s=500, longest_wait_s=1000)

    async def go() -> int:
        async with FaultyServer() as server:
            server.commit("http-429-0", "http-503-0.01")
            async with client(server.url, timeouts=patient) as asking:
                (got,) = await asyncio.wait_for(asking.complete(prompt(), (0,)), 60)
        return got.attempts

    assert run(go()) == 3


def test_a_retry_after_beyond_the_deadline_is_not_waited_for() -> None:
    """Waiting an hour for a sample that has a minute left would only delay the bad news."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-429-3600")
            (got,) = await asyncio.wait_for(outcomes(client(server.url), [(prompt(), (0,))]), 30)
        assert isinstance(got, Missing)
        assert "words of 429" in got.error

    run(go())


def test_no_attempt_outlives_the_deadline() -> None:
    """A request in flight when the total deadline comes is cut there, though its own limit is longer."""
    limits = Timeouts(request_s=3600, deadline_s=0.3, attempts=5)

    async def go() -> None:
        async with FaultyServer(faults=("stall",), rate=1.0) as server:
            (got,) = await asyncio.wait_for(
                outcomes(client(server.url, timeouts=limits), [(prompt(), (0,))]), 60
            )
        assert isinstance(got, Missing)
        assert got.kind == "timeout"

    run(go())


def test_a_server_that_is_not_there_is_named() -> None:
    """The error has the address and the reason, and nothing from the innards of the HTTP library."""

    async def go() -> None:
        async with FaultyServer() as server:
            url = server.url
        (got,) = await outcomes(client(url), [(prompt(), (0,))])
        assert isinstance(got, Missing)
        assert got.kind == "connect"
        assert got.error == f"{url}/v1/completions: cannot connect (Connection refused)"

    run(go())


def test_a_dead_server_ends_the_run_instead_of_failing_every_sample() -> None:
    """After enough requests lost in a row, with nothing in between, the rest is not even tried."""
    pulled = 0

    def work():
        nonlocal pulled
        for pulled in range(1000):
            yield prompt(pulled), (0,)

    async def go() -> None:
        async with FaultyServer() as server:
            url = server.url
        with pytest.raises(EndpointFaultError, match=r"in a row were lost; the last: .*cannot connect"):
            await outcomes(client(url, concurrency=4), work())

    run(go())
    assert pulled < 50


def test_a_restart_of_the_server_is_survived() -> None:
    """Requests that meet a closed port try again until the server is back."""

    async def go() -> None:
        server = FaultyServer()
        async with server:
            asking = client(server.url, settings(seed=5), concurrency=4)
            await asking.__aenter__()
            (first,) = await asking.complete(prompt(), (0,))
        waiting = asyncio.create_task(asking.complete(prompt(1), (0,)))
        await asyncio.sleep(0.05)
        async with server:
            (second,) = await waiting
            await asking.__aexit__()
        assert first.text == meant(prompt().text, 5)
        assert second.text == meant(prompt(1).text, 5)
        assert second.attempts > 1

    run(go())


def test_samples_differ_by_seed_and_come_out_the_same_again() -> None:
    """The first sample has the user's seed, each other one its own, whatever else is asked."""

    async def go(samples: tuple[int, ...]) -> dict[tuple[str, int], str]:
        async with FaultyServer() as server:
            return texts(await outcomes(client(server.url, settings(seed=11)), [(prompt(), samples)]))

    whole, part = run(go((0, 1, 2, 3))), run(go((2, 3)))
    assert len(set(whole.values())) == 4
    assert whole[("T/0", 0)] == meant(prompt().text, 11)
    assert part.items() <= whole.items()


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_seeds_never_clash_between_runs_with_neighbouring_seeds(seed: int) -> None:
    """200 samples with seed s and with s+1 share no seed, and all fit into 31 bits."""
    ours = {seed_for(seed, sample) for sample in range(200)}
    next_run = {seed_for(seed + 1, sample) for sample in range(200)}
    assert len(ours) == 200
    assert not ours & next_run
    assert all(each is not None and 0 <= each < 2**31 for each in ours)
    assert seed_for(None, 3) is None


@pytest.mark.parametrize("stream", [True, False])
def test_several_samples_come_from_one_request_where_the_server_honours_n(stream: bool) -> None:
    """Without a seed, four samples are one request, and each gets a choice of its own."""

    async def go() -> None:
        async with FaultyServer() as server:
            got = await outcomes(client(server.url, settings(stream=stream)), [(prompt(), (4, 5, 6, 7))])
        assert [request.body["n"] for request in server.requests] == [4]
        assert texts(got) == {("T/0", 4 + index): meant(prompt().text, None, index) for index in range(4)}

    run(go())


def test_a_server_that_ignores_n_is_asked_one_by_one() -> None:
    """The one choice that came is kept, the others are asked for, and nobody sends n again."""

    async def go() -> None:
        async with FaultyServer(honours_n=False) as server:
            work = [(prompt(n), (0, 1, 2)) for n in range(4)]
            got = await outcomes(client(server.url, concurrency=1), work)
        assert sorted(texts(got)) == [(f"T/{n}", sample) for n in range(4) for sample in range(3)]
        assert [request.body.get("n", 1) for request in server.requests] == [3] + [1] * 11

    run(go())


def test_samples_of_one_problem_still_share_the_concurrency_without_n() -> None:
    """What a server left out goes back into the queue instead of being asked in a row by one worker."""

    async def go() -> None:
        async with FaultyServer(honours_n=False, latency_s=0.05) as server:
            got = await outcomes(client(server.url, concurrency=8), [(prompt(), tuple(range(24)))])
        assert len(texts(got)) == 24
        assert server.most_in_flight == 8

    run(go())


def test_one_lost_sample_does_not_take_the_others_of_its_request_along() -> None:
    """Four samples are one request; it fails for good, and three of them still get attempts of their own."""
    limits = Timeouts(attempts=2, first_wait_s=0.001, longest_wait_s=0.001)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500", "http-500")
            got = await outcomes(client(server.url, timeouts=limits), [(prompt(), (0, 1, 2, 3))])
        assert [each.sample for each in got if isinstance(each, Missing)] == [0]
        assert sorted(texts(got)) == [("T/0", 1), ("T/0", 2), ("T/0", 3)]

    run(go())


def test_fewer_choices_than_asked_are_completed_by_another_request() -> None:
    """Two of three choices are kept; only the third is asked for again."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("fewer")
            got = await outcomes(client(server.url), [(prompt(), (0, 1, 2))])
        assert [request.body.get("n", 1) for request in server.requests] == [3, 1]
        assert sorted(texts(got)) == [("T/0", 0), ("T/0", 1), ("T/0", 2)]

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


def test_a_server_that_fails_at_n_is_asked_one_by_one() -> None:
    """Some answer several choices with a 500: the retry asks for one, and the rest go without n as well."""

    async def go() -> None:
        async with FaultyServer(fails_at_n=True) as server:
            got = await outcomes(
                client(server.url, concurrency=1), [(prompt(n), (0, 1, 2)) for n in range(3)]
            )
        assert len(texts(got)) == 9
        assert [request.body.get("n", 1) for request in server.requests] == [3] + [1] * 9

    run(go())


def test_a_server_that_closes_behind_a_stream_gets_new_connections() -> None:
    """llama.cpp does that without announcing it: one request is lost, and at once repeated."""
    slow_to_retry = Timeouts(first_wait_s=500, longest_wait_s=1000)

    async def go() -> None:
        async with FaultyServer(one_stream_a_connection=True) as server:
            asking = client(server.url, settings(seed=1), concurrency=1, timeouts=slow_to_retry)
            got = await asyncio.wait_for(outcomes(asking, [(prompt(n), (0,)) for n in range(6)]), 60)
        assert [each.attempts for each in got if isinstance(each, Completion)] == [1, 2, 1, 1, 1, 1]
        assert server.requests[-1].headers["Connection"] == "close"

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


def test_stop_sequences_go_to_the_completions_api_only() -> None:
    """On chat they would cut answers and reasoning short."""

    async def go() -> None:
        async with FaultyServer() as server:
            for api in ("completions", "chat"):
                async with client(server.url, settings(api=api, stop=("\nEND",))) as asking:
                    await asking.complete(prompt(), (0,))
        plain, chat = (request.body for request in server.requests)
        assert plain["stop"] == ["\ndef ", "\nEND"]
        assert "stop" not in chat

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


def test_several_servers_share_the_load_by_fewest_outstanding_requests() -> None:
    """A slow server gets fewer requests than a quick one, and none is left idle."""

    async def go() -> None:
        async with FaultyServer(latency_s=0.05) as slow, FaultyServer(latency_s=0.005) as quick:
            work = [(prompt(n), (0,)) for n in range(120)]
            got = await outcomes(client([slow.url, quick.url], concurrency=8), work)
            assert len(texts(got)) == 120
            assert len(quick.requests) > 2 * len(slow.requests) > 0

    run(go())


def test_a_dead_server_among_several_costs_attempts_but_no_sample() -> None:
    """The next attempt goes to a server that lives, and the dead one is left in peace for a while."""

    async def go() -> None:
        async with FaultyServer() as dead:
            url = dead.url
        async with FaultyServer() as alive:
            work = [(prompt(n), (0,)) for n in range(60)]
            got = await outcomes(client([url, alive.url], concurrency=6), work)
            assert len(texts(got)) == 60

    run(go())


SECRET = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("http://{host}", {"api_key": SECRET}),
        ("http://{host}", {"headers": {"X-Token": SECRET}}),
        ("http://{host}", {"headers": {"Authorization": f"Bearer {SECRET}"}}),
        ("http://someone:" + SECRET + "@{host}", {}),
        ("http://{host}/v1?key=" + SECRET, {}),
    ],
)
def test_secrets_are_sent_but_never_said(url: str, options: dict, caplog: pytest.LogCaptureFixture) -> None:
    """Not in errors, though the server repeats them; not in logs of retries; not in any repr."""

    async def go() -> list[str]:
        async with FaultyServer() as server:
            server.commit("http-500")
            endpoint = parse_endpoint(url.format(host=server.url.removeprefix("http://")), "completions")
            asking = Client([endpoint], settings(), model="m", timeouts=QUICK, **options)
            said = [repr(endpoint), endpoint.url, repr(asking)]
            async with asking:
                said += [repr(each) for each in await asking.complete(prompt(), (0,))]
            sent = json.dumps([dict(r.headers) | {"url": r.path} for r in server.requests])
            assert SECRET in sent or "Basic " in sent or "key=" in url
        server.refused_words = {"max_tokens": f"Incorrect API key provided: {SECRET}."}
        async with server:
            endpoint = parse_endpoint(url.format(host=server.url.removeprefix("http://")), "completions")
            with pytest.raises(EndpointError) as caught:
                await outcomes(Client([endpoint], settings(), model="m", **options), [(prompt(), (0,))])
            assert "Incorrect API key provided: ***." in caught.value.message
            said += [str(caught.value), repr(caught.value), repr(caught.value.args)]
        return said

    with caplog.at_level("DEBUG"):
        said = run(go())
    assert not [each for each in said if SECRET in each]
    assert SECRET not in caplog.text


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
        client("http://h", concurrency=0)
    with pytest.raises(UsageError, match="speak the chat API"):
        Client([parse_endpoint("http://h/v1/completions")], settings(api="chat"), model="m")


@pytest.mark.parametrize("stream", [True, False])
def test_soak_every_sample_arrives_once_and_byte_equal(stream: bool) -> None:
    """2,500 samples at a fault rate of 20 %: complete, each once, just as the server meant it."""

    async def go() -> None:
        async with FaultyServer(rate=0.2, seed=int(stream), keep_requests=False) as server:
            asking = client(server.url, settings(stream=stream, seed=3), concurrency=32)
            got = await outcomes(asking, ((prompt(n), tuple(range(50))) for n in range(50)))
        assert not [each for each in got if isinstance(each, Missing)]
        assert max(Counter((each.problem, each.sample) for each in got).values()) == 1
        assert texts(got) == {
            (f"T/{n}", sample): meant(prompt(n).text, seed_for(3, sample))
            for n in range(50)
            for sample in range(50)
        }
        assert sum(server.committed.values()) > 400
        assert set(server.committed) == set(TRANSIENT)

    run(asyncio.wait_for(go(), 300))
