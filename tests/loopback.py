"""What servers of the tests share: an address on loopback, for as long as they are entered."""

from typing import Self

from aiohttp import web


class LoopbackServer:
    """Hands every request to ``_post`` or ``_get``. An async context manager; ``url`` is where it is."""

    url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/{tail:.*}", self._post)
        app.router.add_get("/{tail:.*}", self._get)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError

    async def _get(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError
