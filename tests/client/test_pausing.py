"""Servers that refuse requests for their number, in seconds that pass only when nobody has anything to do.

What is measured is the client's own doing, and depends on no machine; tests/client/test_rates.py has real
ones.
"""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.faults import FaultError, from_status
from evalsite.client.pausing import Pauses
from evalsite.client.protocol import Answer, Choice
from evalsite.client.transport import Timeouts
from evalsite.rundir.schema import Completion
from tests.client.helpers import LIMITS, prompt, settings

TRIP_S = 0.002


class IdleTime(selectors.SelectSelector):
    """Lets the time pass that a loop would wait for."""

    now = 100.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


def seconds_of(coroutine: Coroutine[Any, Any, None]) -> float:
    """Run; return how long that took on the loop's clock."""
    time = IdleTime()
    loop = asyncio.SelectorEventLoop(time)
    loop.time = lambda: time.now  # type: ignore[method-assign]
    try:
        loop.run_until_complete(coroutine)
        return time.now - 100.0
    finally:
        loop.close()


@dataclass
class Limited:
    """Stands where the transport does; answers take ``answer_s``, more or less."""

    answer_s: float
    per_s: float = 0.0
    """Requests that pass a second, one at a time; 0 for any."""
    at_once: int = 1000
    in_window: int = 0
    """Requests in each ten seconds; 0 for any."""
    tells: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(7)
        self.free_at = self.in_flight = self.refused = 0
        self.windows: dict[int, int] = {}

    async def ask(self, *_request: object, **_how: object) -> Answer:
        await asyncio.sleep(TRIP_S)
        early_s = self.too_early(asyncio.get_running_loop().time())
        if early_s or self.in_flight >= self.at_once:
            self.refused += 1
            await asyncio.sleep(TRIP_S)
            raise from_status("it", 429, {"Retry-After": f"{early_s}"} if self.tells else {}, "Too many")
        self.in_flight += 1
        await asyncio.sleep(self.answer_s * self.chance.uniform(0.8, 1.2))
        self.in_flight -= 1
        return Answer(choices={0: Choice(pieces=["x"], finish_reason="stop")})

    def too_early(self, now: float) -> float:
        if self.in_window:
            window = int(now / 10)
            self.windows[window] = self.windows.get(window, 0) + 1
            return 10.0 * (window + 1) - now if self.windows[window] > self.in_window else 0.0
        if now < self.free_at:
            return self.free_at - now
        self.free_at = now + 1 / self.per_s if self.per_s else 0.0
        return 0.0


@pytest.mark.parametrize(
    ("server", "ideal_s"),
    [
        (Limited(0.01, per_s=1), 100),
        (Limited(3, per_s=1), 100),  # several have to be in flight, each let in at its time
        (Limited(3, per_s=1, tells=True), 100),
        (Limited(20, per_s=1), 110),
        (Limited(0.5, per_s=4), 25),
        (Limited(0.5, per_s=20, tells=True), 5.5),
        (Limited(1, at_once=2), 51),
        (Limited(1, at_once=8), 13),
        (Limited(0.1, at_once=16), 0.7),
        (Limited(0.1, in_window=20), 50),  # the first window's end is missed by doubling
        (Limited(0.1, in_window=20, tells=True), 40),
    ],
    ids=str,
)
def test_a_limit_is_kept_in_little_more_than_the_ideal_time(server: Limited, ideal_s: float) -> None:
    """Nobody says whether it is one of rates, of requests in flight, or of a window's; 32 are wanted."""

    async def ask() -> None:
        client = Client(
            [parse_endpoint("http://it")], settings(seed=1), model="m", concurrency=32, timeouts=Timeouts()
        )
        client._transport = server  # type: ignore[assignment]
        got = [each async for each in client.generate([(prompt(n), (0,)) for n in range(100)])]
        assert {each.attempts for each in got if isinstance(each, Completion)} == {1}
        assert len(got) == 100

    assert seconds_of(ask()) < 1.25 * ideal_s
    assert server.refused < 4.5 * 100


def test_a_server_that_is_full_is_not_asked_at_every_turn() -> None:
    """What it takes is taken in place of what it answered; more is tried ever more rarely."""
    server = Limited(1, at_once=8)

    async def ask() -> None:
        client = Client([parse_endpoint("http://it")], settings(seed=1), model="m", concurrency=32)
        client._transport = server  # type: ignore[assignment]
        assert len([each async for each in client.generate([(prompt(n), (0,)) for n in range(800)])]) == 800

    assert seconds_of(ask()) < 1.1 * 101
    assert server.refused < 0.5 * 800


def pauses_of(steps: Callable[[Pauses, Callable[[float], None]], None]) -> None:
    """Try pauses by hand; the second argument lets time pass."""

    async def tried() -> None:
        time = 100.0
        asyncio.get_running_loop().time = lambda: time  # type: ignore[method-assign]

        def wait(seconds: float) -> None:
            nonlocal time
            time += seconds

        steps(Pauses(LIMITS), wait)

    loop = asyncio.SelectorEventLoop()
    try:
        loop.run_until_complete(tried())
    finally:
        loop.close()


def test_after_a_pause_a_second_request_waits_for_the_fate_of_the_first() -> None:
    """Then they go out ever faster, until nothing holds them back."""

    def steps(pauses: Pauses, wait: Callable[[float], None]) -> None:
        wait(0.2)
        pauses.begin(99.9, 1.0)
        wait(1.0)
        gaps = []
        while pauses.sends_first():
            gaps.append(pauses.until - asyncio.get_running_loop().time())
            wait(gaps[-1])
        assert len(gaps) > 5
        halved = [0.45 / 2**number for number in range(len(gaps))]  # first, half as long again as it took
        assert gaps == pytest.approx(halved)

    pauses_of(steps)


def test_refusals_of_what_was_sent_before_lengthen_a_pause_only_where_they_say_so() -> None:
    """One burst of refusals is one; the longest wait that is named counts."""

    def steps(pauses: Pauses, wait: Callable[[float], None]) -> None:
        assert pauses.begin(100.0, None)
        until = pauses.until
        assert not pauses.begin(100.0, None)
        assert pauses.until == until
        pauses.begin(100.0, 30.0)
        assert pauses.until == 130.0

    pauses_of(steps)


def test_a_refusal_that_is_no_429_is_not_about_their_number() -> None:
    """It says nothing of how many it would take: one at a time is tried until it answers."""

    async def ask() -> None:
        client = Client([parse_endpoint("http://it")], settings(seed=1), model="m", concurrency=8)
        most = in_flight = answered = 0

        class Away:
            async def ask(self, *_request: object, **_how: object) -> Answer:
                nonlocal most, in_flight, answered
                in_flight += 1
                most = max(most, in_flight)
                await asyncio.sleep(0.5)
                in_flight -= 1
                answered += 1
                if 8 < answered < 30:
                    raise FaultError("http", "it answered 502", status=502)
                if answered == 8:
                    most = 0
                return Answer(choices={0: Choice(pieces=["x"], finish_reason="stop")})

        client._transport = Away()  # type: ignore[assignment]
        async for _ in client.generate([(prompt(n), (0,)) for n in range(9)]):
            pass
        assert most == 1

    assert seconds_of(ask()) > 1


def test_a_pause_ends_in_time_for_a_last_try() -> None:
    """Patience does not end before its time because the next pause would be too long for it."""

    def steps(pauses: Pauses, wait: Callable[[float], None]) -> None:
        tries = []
        for _ in range(20):
            pauses.begin(asyncio.get_running_loop().time(), None, 100.15)
            wait(pauses.until - asyncio.get_running_loop().time())
            tries.append(round(pauses.until, 6))
        assert 100.15 in tries
        assert tries == sorted(set(tries))
        pauses = Pauses(LIMITS)
        pauses.begin(asyncio.get_running_loop().time(), 5.0, 100.2)
        assert pauses.until == asyncio.get_running_loop().time() + 5.0  # it was asked for

    pauses_of(steps)
