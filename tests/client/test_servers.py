"""Servers that are several, dead, restarted, or close connections without a word."""

import asyncio
from itertools import count

import pytest

from evalsite.client.endpoints import parse_endpoint
from evalsite.client.servers import Pool
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.client.waiting import Notice
from evalsite.errors import EndpointFaultError
from tests.client.helpers import client, outcomes, prompt, run, settings, texts
from tests.faulty_server import FaultyServer, meant


def test_several_servers_share_the_load_by_fewest_outstanding_requests() -> None:
    """While a server answers nothing it keeps the half of those in flight, and the other does the work."""

    async def go() -> None:
        waiting = asyncio.Event()

        def answer(text: str, seed: int | None, index: int) -> str:
            if len(quick.requests) == 100:
                waiting.set()
            return meant(text, seed, index)

        async with FaultyServer(begins=waiting) as slow, FaultyServer(answer=answer) as quick:
            work = [(prompt(n), (0,)) for n in range(100 + 4)]
            got = await outcomes(client([slow.url, quick.url], concurrency=8), work)
        assert len(texts(got)) == 104
        assert (len(slow.requests), len(quick.requests)) == (4, 100)

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
    """Requests that meet a closed port try again until the server is back, at no cost."""
    told: list[Notice] = []

    async def go() -> None:
        server = FaultyServer()
        async with server:
            asking = client(server.url, settings(seed=5), concurrency=4, notify=told.append)
            await asking.__aenter__()
            (first,) = await asking.complete(prompt(), (0,))
        waiting = asyncio.create_task(asking.complete(prompt(1), (0,)))
        while not told:
            await asyncio.sleep(0.001)
        async with server:
            (second,) = await waiting
            await asking.__aexit__()
        assert first.text == meant(prompt().text, 5)
        assert second.text == meant(prompt(1).text, 5)
        assert second.attempts == 1
        assert told[0].kind == "waiting"
        assert "cannot connect (Connection refused); 1 request waiting, next try in" in told[0].sentence

    run(go())


@pytest.mark.parametrize("looks", range(12))
def test_a_pause_that_ends_between_two_looks_at_the_clock_is_over(looks: int) -> None:
    """Whoever is woken when it ends has to be woken, though a busy machine takes a moment to arrange that."""

    async def go() -> None:
        pool = Pool([parse_endpoint("http://localhost:1/v1", "chat")], Timeouts(), 2)
        loop, ticks = asyncio.get_running_loop(), count()
        loop.time = lambda: 1000.0 + 0.01 * next(ticks)  # type: ignore[method-assign]
        pool.servers[0].pauses.until = loop.time() + 0.01 * looks + 0.005
        assert await asyncio.wait_for(pool.take(), 2) is pool.servers[0]

    run(go())
