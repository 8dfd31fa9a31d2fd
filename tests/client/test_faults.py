"""Faults that pass: each costs an attempt, and a sample that cannot be had is missing, not wrong."""

import asyncio
import time

import pytest

from evalsite.client import Missing, Timeouts
from evalsite.errors import EndpointFaultError
from tests.client.helpers import client, outcomes, prompt, run, settings
from tests.faulty_server import STALLS, TRANSIENT, FaultyServer, meant

SHORT = Timeouts(
    idle_s=0.3, request_s=0.6, deadline_s=30, attempts=12, first_wait_s=0.005, longest_wait_s=0.02
)


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


def test_a_completion_that_cannot_be_had_is_raised_where_it_was_asked_for() -> None:
    """Whoever asks for completions gets completions, never an outcome that is none."""
    limits = Timeouts(request_s=5, attempts=1)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500")
            async with client(server.url, timeouts=limits) as asking:
                with pytest.raises(EndpointFaultError, match="words of 500"):
                    await asking.complete(prompt(), (0,))

    run(go())


def test_the_first_wait_is_the_one_that_was_set() -> None:
    """A server that is busy is not asked again at once; no jitter alone could make the wait as long."""
    patient = Timeouts(first_wait_s=1.2, longest_wait_s=1.2)

    async def go() -> float:
        async with FaultyServer() as server:
            server.commit("http-500")
            async with client(server.url, timeouts=patient) as asking:
                begun = time.perf_counter()
                await asking.complete(prompt(), (0,))
                return time.perf_counter() - begun

    assert run(go()) >= 1.2
