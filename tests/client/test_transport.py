"""One HTTP request -> one answer, measured: reads whole JSON bodies and streams, under time limits."""

import asyncio
import contextlib
import json
import socket
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from evalsite.client import faults as failures
from evalsite.client import transport
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.faults import FaultError, RefusalError
from evalsite.client.transport import Timeouts, Transport, kept_alive
from evalsite.client.trying import Missing
from evalsite.rundir.schema import Completion
from tests.client.helpers import answer_of, asked_of, client, outcomes, prompt, refusal, run, saying, settings
from tests.faulty_server import FaultyServer


def test_of_a_large_error_page_only_the_beginning_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup is searched in quadratic time at worst, and everything else waits meanwhile."""
    sizes: list[int] = []
    original = failures.server_words
    monkeypatch.setattr(failures, "server_words", lambda body: sizes.append(len(body)) or original(body))
    (lost,) = asked_of(refusal(500, b"sorry " + b"<" * 200_000))
    assert isinstance(lost, Missing)
    assert "answered 500: sorry <<<" in lost.error
    assert sizes == [transport.LARGEST_ERROR] * 2


@pytest.mark.parametrize(("sent", "least", "most"), [(2**20, 2**20, 2**20), (8 * 2**20, 2**20, 4 * 2**20)])
def test_of_a_page_without_end_a_mebibyte_is_read(sent: int, least: int, most: int) -> None:
    """And what came with it; one as large is read whole."""

    async def go() -> int:
        async with (
            saying(answer_of(b"x" * sent)) as (url, _),
            Transport(Timeouts(), {}, frozenset()) as asking,
        ):
            page = await asking.look(f"{url}/health", parse_endpoint(url), within_s=60)
            return len(page.body)

    assert least <= run(go()) <= most


MOST = 4 * 2**20
"""What is read at most in the tests that follow, for their own speed."""


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return by how many bytes the peak of this process's memory has grown since the test began."""
    monkeypatch.setattr(transport, "LARGEST_ANSWER", MOST)
    import resource  # not on every system

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return lambda: (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


def flood(head: bytes, block: bytes) -> Any:
    """Serve a head and then blocks without end, as long as anybody reads."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(block)
                await writer.drain()

    return asyncio.start_server(serve, "127.0.0.1", 0)


JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n"


SSE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.linux
@pytest.mark.parametrize(
    ("head", "block"),
    [
        (JSON_HEAD, b'{"choices": [' + b" " * 2**16),
        (SSE_HEAD, b"x" * 2**16),
        (SSE_HEAD, b'data: {"choices": [{"index": 0, "text": "' + b"y" * 2**15 + b'"}]}\n\n'),
        (SSE_HEAD, b": ping\n\n" * 2**13),
        (b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n", b"<p>sorry " * 2**13),
    ],
    ids=["a gigabyte", "an event without end", "a text without end", "pings without end", "an error page"],
)
def test_a_flood_ends_with_a_fault_and_little_memory(
    head: bytes, block: bytes, grown: Callable[[], int]
) -> None:
    """A body of a gigabyte, streams that never end: read up to a bound, then the sample is missing."""

    async def go() -> list[Any]:
        async with await flood(head, block) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            limits = Timeouts(request_s=60, attempts=1)
            return await outcomes(client(url, settings(), timeouts=limits), [(prompt(), (0,))])

    (got,) = run(asyncio.wait_for(go(), 120))
    assert isinstance(got, Missing)
    assert grown() < 16 * MOST


@pytest.mark.linux
def test_a_small_body_that_unpacks_to_a_large_one_is_not_unpacked(grown: Callable[[], int]) -> None:
    """A tenth of a megabyte of gzip is enough for a hundred."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(128)) + packer.flush()
    assert len(bomb) < 2**18
    (got,) = asked_of(answer_of(bomb, Content_Encoding="gzip"))
    assert isinstance(got, Missing)
    assert grown() < 2**26


def test_a_connection_that_nobody_answers_any_more_is_noticed() -> None:
    """Within two minutes, by TCP's own signs of life: after a laptop's sleep, or a server's power cut."""
    made = kept_alive((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9)))
    with made:
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, interval, times = (
            made.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
            for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
        )
        assert idle + interval * times <= 120


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Oops"])
def test_a_connection_that_was_to_be_closed_is_not_used_again(status: str) -> None:
    """Home-made servers (Python's own) close it without a word: whoever asks before that arrives is lost."""
    asked: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(asked)
        asked.append(0)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
                asked[number] += 1
                body = json.dumps({"choices": [{"text": "x", "finish_reason": "stop"}]}).encode()
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        writer.close()

    async def go() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        endpoint = parse_endpoint(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/completions")
        async with server, Transport(Timeouts(), {}, frozenset()) as transport:
            for reuse in (False, False, True, True):
                with contextlib.suppress(FaultError, RefusalError):
                    await transport.ask(endpoint, b"{}", reuse=reuse)

    run(go())
    assert asked == [1, 1, 2]


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
