"""A gateway on loopback, as Envoy, LiteLLM or a company's proxy: limits rates, and loses what is behind it.

It hands requests on to a server as they are. What it does besides is set while it runs: attributes of
:class:`Gateway`. Use it as an async context manager.
"""

import asyncio
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp import web

NO_UPSTREAM = "no healthy upstream"
"""Envoy's words where nothing stands behind it."""


@dataclass
class Gateway:
    """Hands on to ``upstream``, a base URL; without one it answers everything with ``answer``."""

    upstream: str
    per_s: float = 0.0
    """Requests a second, one at a time; more of them are refused with 429. 0 is no limit."""
    tells: str = "Retry-After"
    """The header that a 429 carries; empty is none. It tells the time in seconds, or in ``ms``."""
    answer: tuple[int, str] | None = None
    """Status and words that everybody gets while it is set."""
    answer_headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        self.passed = 0
        self.refused = 0
        self.turned_away = 0
        """Requests that met :attr:`answer`."""
        self.in_flight = 0
        self.most_in_flight = 0
        self.port = 0
        self._free_at = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._session = aiohttp.ClientSession(auto_decompress=False)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.answer is not None and request.method == "POST":
            self.turned_away += 1
            status, words = self.answer
            return web.Response(status=status, text=words, headers=dict(self.answer_headers))
        if self.per_s and request.method == "POST" and (early_s := self._too_early()):
            self.refused += 1
            shown = f"{1000 * early_s:.3f}" if self.tells.endswith("ms") else f"{early_s:.6f}"
            headers = {self.tells: shown} if self.tells else {}
            return web.json_response(
                {"error": {"message": "Rate limit reached"}}, status=429, headers=headers
            )
        self.passed += request.method == "POST"
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._hand_on(request)
        finally:
            self.in_flight -= 1

    def _too_early(self) -> float:
        """Seconds until the next request may pass; 0 for one that may now."""
        now = asyncio.get_running_loop().time()
        if now < self._free_at:
            return self._free_at - now
        self._free_at = now + 1 / self.per_s
        return 0.0

    async def _hand_on(self, request: web.Request) -> web.StreamResponse:
        url = self.upstream + str(request.rel_url) if self.upstream else str(request.url)
        try:
            async with self._session.request(
                request.method, url, data=await request.read(), headers={"Content-Type": "application/json"}
            ) as answer:
                response = web.StreamResponse(
                    status=answer.status,
                    headers={"Content-Type": answer.headers.get("Content-Type", "text/plain")},
                )
                await response.prepare(request)
                try:
                    async for chunk in answer.content.iter_any():
                        await response.write(chunk)
                except aiohttp.ClientPayloadError:  # what stands behind it died in the middle
                    if request.transport is not None:
                        request.transport.abort()
                return response
        except aiohttp.ClientConnectionError:
            return web.Response(status=503, text=NO_UPSTREAM)
