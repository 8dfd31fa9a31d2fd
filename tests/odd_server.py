"""The recorded shapes of ``../shared/cases/servers``: its server with one odd habit, in this process."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from aiohttp import web

from tests.loopback import LoopbackServer


class OddServer(LoopbackServer):
    """Serves both APIs with one habit. An async context manager; ``asked`` holds the bodies that came."""

    def __init__(self, shared: Path, habit: str) -> None:
        self._module = _load(shared / "cases/servers/fake_server.py")
        self._habit = self._module.HABITS[habit]
        self._models = self._module.MODELS.get(habit, {"object": "list", "data": [{"id": "m"}]})
        self.asked: list[dict[str, Any]] = []

    @property
    def habits(self) -> set[str]:
        """Every habit that the folder's server has."""
        return set(self._module.HABITS)

    def right_answer(self, text: str, *, chat: bool) -> str:
        """What it answers to a prompt, but for its habit."""
        body = {"messages": [{"content": text}]} if chat else {"prompt": text}
        return str(self._module.right_answer(body))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self._module.asked += 1
        self.asked.append(await request.json())
        answer: web.StreamResponse = await self._habit(request, json.loads(json.dumps(self.asked[-1])))
        if answer.headers.get("Retry-After", "").isdecimal():
            answer.headers["Retry-After"] = str(
                int(answer.headers["Retry-After"]) / 100
            )  # tests have no time
        return answer

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/models"):
            return web.json_response(self._models)
        return web.Response(status=404)


def _load(path: Path) -> ModuleType:
    """Load the server's code anew: it counts requests in a variable of its own."""
    spec = importlib.util.spec_from_file_location("fake_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
