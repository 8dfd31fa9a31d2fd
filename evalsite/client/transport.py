"""One HTTP request -> one answer, measured: reads whole JSON bodies and streams, under time limits.

Commands that ask nobody import this, too, and do without aiohttp, whose import takes a third of their start.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalsite.client import faults, protocol, shapes, sse
from evalsite.client.deadlines import Deadline, Deadlines
from evalsite.client.endpoints import Endpoint, scrub
from evalsite.client.looping import Watch
from evalsite.client.tokens import count_tokens
from evalsite.rundir.schema import Api

if TYPE_CHECKING:
    import aiohttp

LARGEST_ANSWER = 64 * 2**20
"""Bytes after which a server is taken to be raving."""

SHORTEST_TELLING = 12
"""Characters from which on a secret that stands in an answer cannot be a word of the answer's own."""

LARGEST_ERROR = 20_000
"""Bytes that are looked at of an error's body."""

LARGEST_PAGE = 2**20
"""Bytes that are read of what a server tells of itself."""


KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}
"""Seconds of silence before the other end is asked for a sign of life, seconds between such, how often."""


@dataclass(frozen=True)
class Page:
    """What a server answered to a GET."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Timeouts:
    """How long a sample may take and how often it is tried; all in seconds but ``attempts``."""

    connect_s: float = 10.0
    idle_s: float = 120.0
    """The longest silence within a stream, once its first token has come."""
    request_s: float = 900.0
    """One request, from sending it to the last byte; waiting in the server's own queue counts."""
    attempts: int = 10
    """Failures after which a sample is missing, where the server answers others."""
    first_wait_s: float = 0.5
    """The wait after the first failure; it doubles each time, and up to a quarter of jitter is added."""
    shortest_wait_s: float = 0.01
    longest_wait_s: float = 60.0
    patience_s: float = 1800.0
    """How long a server that has answered before may be away, or send everybody away."""
    unproven_s: float = 180.0
    """The same for one that has not answered yet."""


def kept_alive(address: aiohttp.AddrInfoType) -> socket.socket:
    """Return a socket that notices within two minutes when nobody is at the other end any more.

    A laptop that slept, or a server that lost its power, leaves connections on which nothing ever arrives;
    without keep-alive only the deadline of the whole request would end the waiting.
    """
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        if (number := getattr(socket, option, None)) is not None:  # not every system has them all
            made.setsockopt(socket.IPPROTO_TCP, number, value)
    return made


class Transport:
    """An HTTP session shared by all requests; connections are reused. An async context manager.

    ``headers`` go with every request; whatever is in ``secrets`` is struck from every error. ``clock`` tells
    the time of what arrives, in seconds; limits are always those of the event loop.
    """

    def __init__(
        self,
        timeouts: Timeouts,
        headers: Mapping[str, str],
        secrets: frozenset[str],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._clock = clock
        self._secrets = secrets
        self._timeouts = timeouts
        given = {name.lower() for name in headers}
        own = {} if "content-type" in given else {"Content-Type": "application/json"}
        self._headers = {**own, **headers}
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        """By whether a connection is kept for further requests."""
        self._deadlines = Deadlines()
        """Of one event loop: made anew in each."""

    async def __aenter__(self) -> Transport:
        import aiohttp

        self._deadlines = Deadlines()
        limits = aiohttp.ClientTimeout(total=None, sock_connect=self._timeouts.connect_s)
        for reuse in (True, False):
            self._sessions[reuse] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, socket_factory=kept_alive, force_close=not reuse),
                timeout=limits,
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for session in self._sessions.values():
            await session.close()

    async def ask(
        self,
        endpoint: Endpoint,
        body: bytes,
        *,
        several: bool = False,
        reuse: bool = True,
        watch: Watch | None = None,
    ) -> protocol.Answer:
        """Post one request and read its answer; raises RefusalError or FaultError.

        ``several``: the request is for more than one choice. ``reuse`` keeps the connection for another one.
        ``watch`` ends a stream that is not worth reading on.
        """
        import aiohttp

        assert self._sessions, "used outside of `async with`"
        answer = protocol.Answer(started_at=self._clock())
        try:
            with Deadline(self._deadlines, self._timeouts.request_s, self._timeouts.idle_s) as deadline:
                async with self._sessions[reuse].post(
                    endpoint.url,
                    params=endpoint.query or None,
                    data=body,
                    headers=_headers(endpoint),
                    allow_redirects=False,
                    ssl=endpoint.route.context,
                    proxy=endpoint.route.proxy_for(endpoint.url),
                ) as response:
                    if response.status != 200:
                        raise await self._refused(endpoint, response)
                    await self._read(answer, response, endpoint.api, deadline, watch)
            protocol.check(answer, several=several)
            count_tokens(answer)
        except protocol.UnusableError as exc:
            words = self.excerpt(str(exc))
            if exc.status:
                raise faults.from_status(endpoint.url, exc.status, {}, words) from None
            raise faults.FaultError(exc.kind, f"{endpoint.url}: {words}") from None
        except (aiohttp.ClientError, OSError) as exc:
            raise faults.translate(endpoint.url, exc) from exc
        answer.ended_at = self._clock()
        self._strike(answer)
        return answer

    async def _refused(
        self, endpoint: Endpoint, response: aiohttp.ClientResponse
    ) -> faults.FaultError | faults.RefusalError:
        body = await _read_body(response, 2 * LARGEST_ERROR)  # no secret is cut where we look
        words = self.excerpt(faults.server_words(self._hide_in(body)[:LARGEST_ERROR]))
        return faults.from_status(endpoint.url, response.status, self._headers_of(response), words)

    async def look(self, url: str, endpoint: Endpoint, *, within_s: float) -> Page:
        """Get a page of an endpoint's server, whatever its status; raises FaultError where there is none."""
        import aiohttp

        assert self._sessions, "used outside of `async with`"
        try:
            async with (
                asyncio.timeout(min(within_s, self._timeouts.request_s)),
                self._sessions[False].get(
                    url,
                    params=endpoint.query or None,
                    headers=_headers(endpoint),
                    allow_redirects=False,
                    ssl=endpoint.route.context,
                    proxy=endpoint.route.proxy_for(url),
                ) as response,
            ):
                return Page(response.status, self._hide_in(await _read_body(response, LARGEST_PAGE)))
        except (aiohttp.ClientError, OSError) as exc:
            raise faults.translate(url, exc) from exc

    def hide(self, text: str) -> str:
        """Return a server's words without anything secret that was sent."""
        return scrub(text, self._secrets)

    def excerpt(self, words: str) -> str:
        """Return as many of a server's words as an error repeats, without secrets.

        Hidden first: half a key is too much as well. An escaped one shows itself only in the decoded words.
        """
        return faults.shortened(self.hide(words))

    def _hide_in(self, body: bytes) -> bytes:
        """Hide secrets before anything is cut short: half a key is too much as well."""
        return self.hide(body.decode("utf-8", "replace")).encode()

    def _headers_of(self, response: aiohttp.ClientResponse) -> Mapping[str, str]:
        """Return a server's headers, with secrets hidden in the one that errors repeat."""
        headers = response.headers.copy()
        if "Location" in headers:
            headers["Location"] = self.hide(headers["Location"])
        return headers

    def _strike(self, answer: protocol.Answer) -> None:
        """Take secrets out of what a server made of its request: answers are published.

        Out of the text only such as are too long to stand there by chance, for text must arrive as it was.
        """
        if not self._secrets:
            return
        long = frozenset(secret for secret in self._secrets if len(secret) >= SHORTEST_TELLING)
        answer.model = self.hide(answer.model)
        answer.fingerprint = self.hide(answer.fingerprint)
        for choice in answer.choices.values():
            choice.finish_reason = choice.finish_reason and self.hide(choice.finish_reason)
            choice.pieces = [scrub("".join(choice.pieces), long)]
            choice.reasoning = [scrub("".join(choice.reasoning), long)]

    async def _read(
        self,
        answer: protocol.Answer,
        response: aiohttp.ClientResponse,
        api: Api,
        deadline: Deadline,
        watch: Watch | None,
    ) -> None:
        """Read an answer as what its first bytes show it to be; its content type may say anything."""
        says_stream = "text/event-stream" in response.headers.get("Content-Type", "").lower()
        if not says_stream and "Content-Length" in response.headers:  # it comes whole, and at once
            data = await _read_body(response, LARGEST_ANSWER)
            if not sse.is_stream(data[:LARGEST_ERROR]):
                shapes.read_whole(answer, data, api)
                return
            await self._read_stream(answer, data, response, deadline, watch)
            return
        begin = b""
        streamed = None
        async for chunk in response.content.iter_any():
            begin += chunk
            if (streamed := sse.is_stream(begin)) is not None or len(begin) > LARGEST_ERROR:
                break
        if streamed or (streamed is None and says_stream):
            await self._read_stream(answer, begin, response, deadline, watch)
        else:
            shapes.read_whole(answer, await _read_body(response, LARGEST_ANSWER, begin), api)

    async def _read_stream(
        self,
        answer: protocol.Answer,
        begin: bytes,
        response: aiohttp.ClientResponse,
        deadline: Deadline,
        watch: Watch | None,
    ) -> None:
        answer.streamed = True
        splitter = sse.EventSplitter()
        size = 0
        chunk = begin
        while chunk:
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise protocol.UnusableError("malformed", "the stream does not end")
            now = self._clock()  # one time for all that came at once: nothing is known of what lies between
            for event in splitter.feed(chunk):
                shapes.read_event(answer, event, now)
                if watch is not None and watch.is_enough(answer, now):
                    response.close()  # by which a server learns that nobody listens
                    break
            deadline.heard(answer)
            if answer.broken_off:
                break
            chunk = await response.content.readany()
        for event in splitter.finish():
            shapes.read_event(answer, event, self._clock())
        if watch is not None:
            watch.settle(answer)


def _headers(endpoint: Endpoint) -> dict[str, str]:
    """Return what goes with one request besides the session's own headers."""
    return {"Authorization": endpoint.authorization} if endpoint.authorization else {}


async def _read_body(response: aiohttp.ClientResponse, most: int, begin: bytes = b"") -> bytes:
    """Read at most so much, unpacked: a small body may unpack to gigabytes. ``begin`` was read before."""
    length = response.content_length
    if length is not None and length <= most and "Content-Encoding" not in response.headers:
        return begin + await (response.content.read() if begin else response.read())
    parts = [begin]
    size = len(begin)
    async for chunk in response.content.iter_any():
        parts.append(chunk)
        size += len(chunk)
        if size >= most:
            break
    return b"".join(parts)
