"""How much of a bare aiohttp loop's speed the client keeps, how close it comes to the ideal, and its memory.

Run ``python bench/client.py``. The server is a process of its own that answers canned bytes without looking
at the request, so that the client is what is measured. Each share is the median of several alternating
rounds, by CPU time. The ideal wall time is that of the server's delays alone, each of ``ceil(requests / 64)``
rounds 200 ms long. A busy machine adds what has nothing to do with the client: the bare loop's time, taken in
turns, shows how much. ``chrt -f 5 python bench/client.py --no-memory`` (as root) goes before whatever else
runs, and gives the figures of an idle machine.
"""

import argparse
import asyncio
import json
import math
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator
from multiprocessing.connection import Connection
from typing import Any

import aiohttp

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.feed import Work
from evalsite.client.protocol import Features, request_body
from evalsite.client.trying import Missing
from evalsite.rundir.schema import Prompt, Settings

ENOUGH_SHARE = 0.8
ENOUGH_WALL = 1.07
ENOUGH_MEMORY = 1.5
TEXT = "    return sorted(set(numbers))\n" * 4
LATENCY_S = 0.2


class CannedServer(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, just enough of it: every POST gets the same answer."""

    def __init__(self, answer: bytes, latency_s: float) -> None:
        self._answer = answer
        self._latency_s = latency_s
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(self._received) < end + 4 + length:
                return
            self._received = self._received[end + 4 + length :]
            asyncio.get_running_loop().call_later(self._latency_s, self._transport.write, self._answer)


def canned(*, stream: bool) -> bytes:
    """Return a whole HTTP answer of one choice, streamed in 33 events or in one piece."""
    usage = {"prompt_tokens": 100, "completion_tokens": 32}
    if not stream:
        data = {
            "model": "m",
            "choices": [{"index": 0, "text": TEXT, "finish_reason": "stop"}],
            "usage": usage,
        }
        body = json.dumps(data).encode()
        kind = b"application/json"
    else:
        pieces = [TEXT[n : n + 4] for n in range(0, len(TEXT), 4)]
        events: list[dict[str, Any]] = [
            {"model": "m", "choices": [{"index": 0, "text": piece, "finish_reason": None}]}
            for piece in pieces
        ]
        events.append({"choices": [{"index": 0, "text": "", "finish_reason": "stop"}], "usage": usage})
        body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
        body += b"data: [DONE]\n\n"
        kind = b"text/event-stream"
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


def serve(answer: bytes, latency_s: float, port_to: Connection) -> None:
    """Serve until killed; sends the port."""

    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: CannedServer(answer, latency_s), "127.0.0.1", 0, backlog=512
        )
        port_to.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


def with_server(answer: bytes, latency_s: float, measure: Callable[[str], float]) -> float:
    """Start a server process, measure against its URL, end it."""
    receive, send = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(answer, latency_s, send), daemon=True)
    process.start()
    try:
        return measure(f"http://127.0.0.1:{receive.recv()}/v1/completions")
    finally:
        process.terminate()
        process.join()


def settings(*, stream: bool) -> Settings:
    """Return the settings of every request."""
    return Settings(
        api="completions",
        prompt="completion-v1",
        temperature=0.8,
        top_p=0.95,
        max_tokens=512,
        seed=1,
        stream=stream,
    )


def work(count: int) -> Iterator[Work]:
    """Yield as many prompts of HumanEval's usual size, one sample each."""
    for number in range(count):
        yield (
            Prompt(problem=f"Bench/{number}", text="def f(x):\n" + "    # why\n" * 45, form="completion"),
            (0,),
        )


async def ask_with_client(url: str, count: int, concurrency: int, *, stream: bool) -> None:
    """Ask through evalsite's client."""
    async with Client(
        [parse_endpoint(url)], settings(stream=stream), model="m", concurrency=concurrency
    ) as client:
        got = 0
        async for outcome in client.generate(work(count)):
            assert not isinstance(outcome, Missing), outcome.error
            assert len(outcome.text) == len(TEXT)
            got += 1
    assert got == count


async def ask_bare(url: str, count: int, concurrency: int, *, stream: bool) -> None:
    """Post the same bodies with aiohttp alone and decode the answers: the least that any loop has to do."""
    todo = work(count)
    chosen = settings(stream=stream)

    async def worker(session: aiohttp.ClientSession) -> None:
        for prompt, _ in todo:
            body = request_body(prompt, chosen, Features(), model="m", n=1, seed=1)
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
                assert response.status == 200
                if not stream:
                    json.loads(await response.read())
                    continue
                async for line in response.content:
                    if line.startswith(b"data: {"):
                        json.loads(line[6:])

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(worker(session) for _ in range(concurrency)))


def seconds(coroutine: Coroutine[Any, Any, None], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long a coroutine runs, by a clock."""
    started = clock()
    asyncio.run(coroutine)
    return clock() - started


def share_of_bare_loop(count: int, rounds: int, *, stream: bool) -> float:
    """Return the client's requests a CPU second as a share of the bare loop's: the median of paired rounds.

    Nothing waits here, so on an idle machine a CPU second is a second.
    """

    def measure(url: str) -> float:
        shares = []
        for _ in range(rounds):
            bare = seconds(ask_bare(url, count, 32, stream=stream), time.process_time)
            ours = seconds(ask_with_client(url, count, 32, stream=stream), time.process_time)
            shares.append(bare / ours)
            print(f"    bare {count / bare:6.0f}/s   client {count / ours:6.0f}/s   share {bare / ours:.2f}")
        return statistics.median(shares)

    return with_server(canned(stream=stream), 0.0, measure)


def wall_over_ideal(count: int, rounds: int = 3) -> float:
    """Return wall time at concurrency 64 over the ideal, which no schedule is faster than: the median."""
    ideal = math.ceil(count / 64) * LATENCY_S

    def measure(url: str) -> float:
        found = []
        for _ in range(rounds):
            bare = seconds(ask_bare(url, count, 64, stream=True)) / ideal
            ours = seconds(ask_with_client(url, count, 64, stream=True)) / ideal
            found.append(ours)
            print(f"    bare {bare:.3f}   client {ours:.3f} of the ideal wall time")
        return statistics.median(found)

    return with_server(canned(stream=True), LATENCY_S, measure)


def _peak(url: str, count: int, result_to: Connection) -> None:
    asyncio.run(ask_with_client(url, count, 64, stream=True))
    result_to.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def peak_kib(count: int) -> float:
    """Return the peak memory of a fresh process that asks for so many samples, in KiB."""

    def measure(url: str) -> float:
        receive, send = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_peak, args=(url, count, send))
        process.start()
        peak = receive.recv()
        process.join()
        return float(peak)

    return with_server(canned(stream=True), 0.0, measure)


def main() -> None:
    """Measure, print, and exit with 1 where a bound is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=2000, help="requests a round (default 2000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each (default 5)")
    parser.add_argument("--no-memory", action="store_true", help="leave out the 32,800-sample run")
    options = parser.parse_args()
    missed = False
    for stream in (False, True):
        print(f"zero latency, concurrency 32, {'streamed' if stream else 'in one piece'}:")
        share = share_of_bare_loop(options.requests, options.rounds, stream=stream)
        print(f"  share of a bare aiohttp loop: {share:.2f} (at least {ENOUGH_SHARE})")
        missed |= share < ENOUGH_SHARE
    print("200 ms latency, concurrency 64:")
    wall = wall_over_ideal(1280)
    print(f"  {wall:.3f} of the ideal wall time (at most {ENOUGH_WALL})")
    missed |= wall > ENOUGH_WALL
    if not options.no_memory:
        small, large = peak_kib(1640), peak_kib(32_800)
        print(
            f"peak memory: {small / 1024:.0f} MiB for 1,640 samples, {large / 1024:.0f} MiB for 32,800: ",
            end="",
        )
        print(f"{large / small:.2f} times (at most {ENOUGH_MEMORY})")
        missed |= large > ENOUGH_MEMORY * small
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
