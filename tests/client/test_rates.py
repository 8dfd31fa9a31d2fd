"""Rate limits and outages: nobody is to blame, everybody waits, and nothing is asked in vain for long."""

import asyncio

import pytest

from evalsite.client.endpoints import parse_endpoint
from evalsite.client.faults import from_status
from evalsite.client.servers import Server
from evalsite.client.transport import Timeouts
from evalsite.errors import EndpointError, EndpointFaultError
from evalsite.rundir.schema import Completion
from tests.client.helpers import LIMITS, client, outcomes, outcomes_of, prompt, run, settings, texts
from tests.faulty_server import FaultyServer
from tests.gateway import Gateway


@pytest.mark.parametrize("tells", ["Retry-After", "retry-after-ms", ""])
def test_a_rate_limit_costs_no_sample_and_few_requests(tells: str) -> None:
    """32 at once against one at a time: all arrive, each at its first attempt."""

    async def go() -> None:
        async with FaultyServer() as server, Gateway(server.url, per_s=50, tells=tells) as gateway:
            asking = client(gateway.url, settings(seed=1), timeouts=LIMITS, concurrency=32)
            got = await outcomes(asking, [(prompt(n), (0,)) for n in range(100)])
        assert len(texts(got)) == 100
        assert {each.attempts for each in got if isinstance(each, Completion)} == {1}
        assert gateway.refused < 5 * 100  # it was 29 for each answer

    run(asyncio.wait_for(go(), 120))


def test_as_many_as_the_server_takes_are_in_flight_again_after_a_while() -> None:
    """Lowered by refusals, the number rises as answers come, up to what was allowed and no further."""

    async def go() -> None:
        async with FaultyServer(latency_s=0.01) as server:
            server.commit(*["http-429"] * 20)
            asking = client(server.url, settings(seed=1), timeouts=LIMITS, concurrency=8)
            async with asking:
                await outcomes_of(asking, [(prompt(n), (0,)) for n in range(20)])
                server.most_in_flight = 0
                got = await outcomes_of(asking, [(prompt(n), (0,)) for n in range(20, 260)])
        assert len(texts(got)) == 240
        assert server.most_in_flight == 8

    run(go())


def test_the_number_in_flight_is_halved_and_grows_by_one_a_round() -> None:
    """Additive increase, multiplicative decrease; one burst of refusals counts once; an outage leaves one."""

    async def go() -> None:
        server = Server(parse_endpoint("http://127.0.0.1:1"), LIMITS, 32)
        loop = asyncio.get_running_loop()
        sent_at = loop.time()
        for _ in range(32):
            server.hold(sent_at, 0.0, hasty=True)
        assert server.limit == 16
        for _ in range(16):
            server.answered(1)
        assert 16.9 < server.limit <= 17
        server.hold(loop.time(), 0.0, hasty=False)
        assert server.limit == 1
        for _ in range(10):
            server.answered(1)
        assert server.limit == 11  # as quickly as it was lost

    run(go())


@pytest.mark.parametrize("fault", ["http-500", "malformed", "reset", "html"])
def test_failures_of_all_prompts_at_once_are_an_outage_too(fault: str) -> None:
    """While nobody is answered, no prompt is to blame, whatever it is that comes."""

    async def go() -> None:
        async with FaultyServer() as server:
            asking = client(server.url, settings(seed=1), timeouts=LIMITS, concurrency=4)
            async with asking:
                await asking.complete(prompt(), (0,))
                server.commit(*[fault] * 40)
                got = await outcomes_of(asking, [(prompt(n), (0,)) for n in range(12)])
        assert len(texts(got)) == 12

    run(asyncio.wait_for(go(), 120))


def test_how_many_at_once_is_looked_for_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that grew in the night (a second card) gets more; else it is tried ever more rarely."""

    async def go() -> None:
        clock = 0.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock)
        server = Server(parse_endpoint("http://127.0.0.1:1"), LIMITS, 0)
        most: list[float] = []

        def answer(times: int, capacity: int) -> None:
            nonlocal clock
            for _ in range(times):
                clock += 1 / min(server.limit, capacity)
                server.answered(1)
                most.append(server.limit)

        answer(400, capacity=8)
        assert server.limit == 8
        most.clear()
        answer(3000, capacity=8)
        assert (server.limit, max(most)) == (8, 16)
        assert sum(each > 8 for each in most) < 0.2 * len(most)
        answer(3000, capacity=32)
        assert server.limit == 32

    run(go())


@pytest.mark.parametrize("answered", [True, False])
def test_patience_ends_with_everything_answered_kept(answered: bool) -> None:
    """A server that has not answered yet gets less of it than one that has."""
    limits = Timeouts(first_wait_s=0.01, longest_wait_s=0.05, patience_s=60 - 59.7 * answered, unproven_s=0.3)

    async def go() -> None:
        async with FaultyServer() as server, Gateway(server.url) as gateway:
            asking = client(gateway.url, timeouts=limits)
            async with asking:
                if answered:
                    await asking.complete(prompt(), (0,))
                gateway.answer = 503, "Loading model"
                with pytest.raises(EndpointFaultError, match="503: Loading model") as caught:
                    await outcomes_of(asking, [(prompt(n), (0,)) for n in range(20)])
        assert "--patience" in caught.value.hint
        assert gateway.turned_away > 3

    run(asyncio.wait_for(go(), 60))


@pytest.mark.parametrize("asked", ["0", "-5", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_who_may_come_at_once_does_not_hammer(asked: str) -> None:
    """A server that goes on refusing with a wait of nothing is asked at growing distances."""
    limits = Timeouts(first_wait_s=0.05, shortest_wait_s=0.02, longest_wait_s=0.5, patience_s=1, unproven_s=1)

    async def go() -> int:
        async with FaultyServer() as server:
            server.commit(*[f"http-429-{asked}"] * 10_000)
            with pytest.raises(EndpointFaultError, match="words of 429"):
                await outcomes(client(server.url, timeouts=limits, concurrency=2), [(prompt(), (0,))])
            return len(server.requests)

    assert 1 < run(go()) < 20


def test_who_names_a_wait_is_there() -> None:
    """Its first word may be that it is busy for longer than a silent one is waited for."""
    limits = Timeouts(first_wait_s=0.01, unproven_s=0.01, patience_s=60)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-429-0.2")
            (got,) = await outcomes(client(server.url, timeouts=limits), [(prompt(), (0,))])
        assert isinstance(got, Completion)

    run(go())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (402, "Insufficient credits"),
        (501, "not here"),
        (429, "You exceeded your current quota, please check your plan and billing details."),
        (429, "Rate limit exceeded: free-models-per-day"),
    ],
)
def test_what_no_waiting_mends_ends_it_at_once(status: int, words: str) -> None:
    """No credit left, nothing of the kind: in the server's words, after one request."""

    async def go() -> None:
        async with FaultyServer() as server, Gateway(server.url) as gateway:
            asking = client(gateway.url, concurrency=1)
            async with asking:
                await asking.complete(prompt(), (0,))
                gateway.answer = status, words
                with pytest.raises(EndpointError, match=f"answered {status}: {words}"):
                    await outcomes_of(asking, [(prompt(n), (0,)) for n in range(5)])
        assert gateway.turned_away == 1

    run(asyncio.wait_for(go(), 60))


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached ... Please try again in 7m12s. Visit", 432.0),
        ("Please try again in 1.5s.", 1.5),
        ("try again in 20ms", 0.02),
        ("Please try again later", None),
    ],
)
def test_the_wait_may_stand_in_the_words(words: str, seconds: float | None) -> None:
    """OpenAI's way to say it."""
    failure = from_status("http://x", 429, {}, words)
    assert getattr(failure, "wait_s", "refused") == seconds


def test_with_two_servers_one_that_is_away_for_good_costs_nothing() -> None:
    """The other one goes on, past all patience with the first."""
    limits = Timeouts(first_wait_s=0.01, longest_wait_s=0.02, patience_s=0.1, unproven_s=0.1)

    async def go() -> None:
        async with (
            FaultyServer() as server,
            FaultyServer(latency_s=0.02) as other,
            Gateway(server.url) as gateway,
        ):
            asking = client([gateway.url, other.url], settings(seed=1), timeouts=limits, concurrency=4)
            async with asking:
                await asking.complete(prompt(), (0,))
                gateway.answer = 503, "gone"
                got = await outcomes_of(asking, [(prompt(n), (0,)) for n in range(60)])
        assert len(texts(got)) == 60

    run(asyncio.wait_for(go(), 60))
