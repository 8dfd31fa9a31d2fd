"""The deadlines of requests in flight, which share one timer."""

import asyncio

import pytest

from evalsite.client.deadlines import Deadline, Deadlines
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.faults import FaultError
from evalsite.client.protocol import Answer, Choice
from evalsite.client.transport import Timeouts, Transport
from tests.client.helpers import answer_of, run, saying

FOREVER_S = 3600.0


async def waiting(deadline: Deadline, released: asyncio.Event) -> str:
    try:
        with deadline:
            await released.wait()
    except TimeoutError:
        return "ended"
    return "done"


def spoken() -> Answer:
    return Answer(choices={0: Choice(chunks=1)})


def test_only_what_is_over_its_time_is_ended():
    """A deadline ends its own request; one that has more time goes on to its end."""

    async def both() -> list[str]:
        deadlines, released = Deadlines(), asyncio.Event()
        long = asyncio.create_task(waiting(Deadline(deadlines, FOREVER_S, FOREVER_S), released))
        short = await waiting(Deadline(deadlines, 0.02, FOREVER_S), asyncio.Event())
        released.set()
        return [short, await long]

    assert run(both()) == ["ended", "done"]


@pytest.mark.parametrize(("answer", "ended"), [(spoken(), True), (Answer(), False)])
def test_silence_counts_once_the_answer_has_begun(answer, ended):
    """Before the first token only the whole request has a deadline: the server's queue may be long."""

    async def silent() -> bool:
        deadline = Deadline(Deadlines(), FOREVER_S, 0.02)
        with deadline:
            before = deadline.due
            deadline.heard(answer)
            if deadline.due == before:
                return False
            await asyncio.Event().wait()
        return False

    if ended:
        with pytest.raises(TimeoutError):
            run(silent())
    else:
        assert run(silent()) is False


def test_hearing_never_prolongs_the_whole_request():
    """A stream that trickles for ever ends with the request's own deadline."""

    async def trickle() -> None:
        deadline = Deadline(Deadlines(), 0.05, FOREVER_S)
        with deadline:
            while True:
                deadline.heard(spoken())
                await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        run(trickle())


def test_a_thousand_requests_set_two_timers(monkeypatch):
    """One for the first request, one for the first silence: what begins later is due later."""

    async def timers() -> int:
        loop, deadlines, moments = asyncio.get_running_loop(), Deadlines(), []
        call_at = loop.call_at
        monkeypatch.setattr(loop, "call_at", lambda at, *more: moments.append(at) or call_at(at, *more))
        for _ in range(1000):
            with Deadline(deadlines, FOREVER_S, 10.0) as deadline:
                deadline.heard(spoken())
                deadline.heard(spoken())
        return len(moments)

    assert run(timers()) == 2


def test_who_is_cancelled_from_outside_has_not_run_out_of_time():
    """Ctrl-C ends requests, too: that is a cancellation, also where the deadline rings in the same moment."""

    async def cancelled() -> asyncio.Task[str]:
        deadlines = Deadlines()
        task = asyncio.create_task(waiting(Deadline(deadlines, 0.0, 0.0), asyncio.Event()))
        await asyncio.sleep(0)
        task.cancel()
        deadlines._look()
        await asyncio.wait([task])
        return task

    assert run(cancelled()).cancelled()


def test_limits_hold_in_every_event_loop_that_a_transport_is_used_in():
    """A timer of an earlier loop, such as that of a notebook's cell before, would never ring."""
    transport = Transport(Timeouts(request_s=0.3), {}, frozenset())
    good = answer_of(b'{"choices": [{"index": 0, "text": "x", "finish_reason": "stop"}]}')

    async def answered() -> Answer:
        async with saying(good) as (url, _), transport:
            return await transport.ask(parse_endpoint(url), b"{}")

    async def unanswered() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server, transport:
            port = server.sockets[0].getsockname()[1]
            await transport.ask(parse_endpoint(f"http://127.0.0.1:{port}"), b"{}")

    assert run(answered()).choices[0].text == "x"
    with pytest.raises(FaultError, match="no answer in time"):
        run(asyncio.wait_for(unanswered(), 20))
