"""When to make a request again, and when to give up: one request, or all of them."""

import asyncio
import time

import pytest

from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.rundir.schema import Completion
from tests.client.helpers import LIMITS, client, outcomes, prompt, run, settings
from tests.faulty_server import FaultyServer


def test_a_prompt_that_always_fails_is_lost_while_others_are_answered() -> None:
    """Patience is for servers: a poisoned prompt has its attempts, and no more."""

    async def go() -> None:
        async with FaultyServer(answer=_poisoned) as server:
            asking = client(server.url, settings(seed=1), timeouts=LIMITS, concurrency=4)
            got = await outcomes(asking, [(prompt(n), (0,)) for n in range(30)])
        assert [each.problem for each in got if isinstance(each, Missing)] == ["T/7"]
        assert len([each for each in server.requests if "f7(" in each.prompt]) == 3

    run(asyncio.wait_for(go(), 60))


def _poisoned(text: str, _seed: int | None, _index: int) -> str:
    if "f7(" in text:
        raise RuntimeError("out of memory")
    return "    return 1"


@pytest.mark.parametrize("status", [408, 409, 424, 425, 499, 500, 504, 520, 598])
def test_a_request_that_failed_is_made_again_also_as_the_first(status: int) -> None:
    """424 is what TGI answers where a generation failed: no word on the server as a whole."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            (first,) = await outcomes(client(server.url, timeouts=LIMITS), [(prompt(), (0,))])
        assert isinstance(first, Completion)
        assert first.attempts == 2

    run(go())


def test_a_wait_of_hours_for_one_failed_request_is_no_longer_than_ours() -> None:
    """Nobody would be told of it: only a server that is busy holds a run."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500-7200")
            (got,) = await asyncio.wait_for(
                outcomes(client(server.url, timeouts=LIMITS), [(prompt(), (0,))]), 60
            )
        assert isinstance(got, Completion)

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
