"""A server that gives every choice of a request one token a step, and ends each at its own length.

That is how vLLM and its kin answer a request for several choices. The steps are 10 ms of a clock that stands
still until the server moves it, and the server moves it only once the client has read what the last step
brought. So what the client measures by that clock depends on no machine, and the server's own record of when
it sent what (:attr:`PacedServer.sent`) is the truth to hold it against. With ``clock=None`` the steps
take real time.
"""

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

STEP_S = 0.010
LENGTHS = (12, 20, 40, 100, 250)
"""Tokens of an answer; which of them is decided by prompt and index."""


class StillClock:
    """Seconds that pass only when told to. Looking at it is noticed."""

    def __init__(self) -> None:
        self.now = 100.0
        self._looked_at = asyncio.Event()

    def __call__(self) -> float:
        self._looked_at.set()
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self._looked_at.clear()

    async def looked_at(self) -> None:
        """Wait until somebody has looked since time last passed."""
        await self._looked_at.wait()


@dataclass
class PacedServer:
    """One token a step for each choice. Ask it one request at a time, where the clock is a still one."""

    clock: StillClock | None = field(default_factory=StillClock)
    gathered: int = 1
    """Steps whose tokens go out in one event."""
    counts_ends: bool = False
    """Whether an end is a token of its own, one step after the last with text, as with vLLM."""
    tells_usage: bool = True
    streams: bool = True

    def __post_init__(self) -> None:
        self.sent: dict[tuple[str, int], list[float]] = defaultdict(list)
        """Prompt and index -> when each token went out, the end included where it is one."""
        self.asked: list[dict[str, Any]] = []
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/completions", self._post)
        app.router.add_post("/v1/chat/completions", self._post)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def length(self, prompt: str, index: int) -> int:
        """Tokens that an answer has, its end not counted."""
        return LENGTHS[(sum(prompt.encode()) + index) % len(LENGTHS)]

    def truth_s(self, prompt: str, index: int) -> float:
        """Seconds a token, from when the first went out to when the last did."""
        times = self.sent[prompt, index]
        return (times[-1] - times[0]) / (len(times) - 1)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(asked)
        chat = "messages" in asked
        prompt = asked["messages"][-1]["content"] if chat else asked["prompt"]
        lengths = [self.length(prompt, index) for index in range(asked.get("n", 1))]
        usage = {"prompt_tokens": 5, "completion_tokens": sum(lengths) + self.counts_ends * len(lengths)}
        if not (asked.get("stream") and self.streams):
            return await self._whole(lengths, usage if self.tells_usage else {}, chat=chat)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for step in range(1, max(lengths) + 1 + self.counts_ends):
            self._begin_step()
            if events := [
                event for index, length in enumerate(lengths)
                for event in self._events(step, index, length, chat=chat)
            ]:  # fmt: skip
                self._note(prompt, step, lengths)
                await response.write(b"".join(map(_as_event, events)))
                await self._end_step()
        if self.tells_usage:
            await response.write(_as_event({"choices": [], "usage": usage}))
        await response.write(b"data: [DONE]\n\n")
        return response

    def _begin_step(self) -> None:
        if self.clock is not None:
            self.clock.pass_by(STEP_S)

    async def _end_step(self) -> None:
        await (self.clock.looked_at() if self.clock is not None else asyncio.sleep(STEP_S))

    def _note(self, prompt: str, step: int, lengths: list[int]) -> None:
        now = self.clock.now if self.clock is not None else time.perf_counter()
        for index, length in enumerate(lengths):
            if step <= length + self.counts_ends:
                self.sent[prompt, index].append(now)

    def _events(self, step: int, index: int, length: int, *, chat: bool) -> list[dict[str, Any]]:
        """What one choice sends in one step: nothing, some tokens, or its end."""
        last = length + self.counts_ends
        if step > last or (step % self.gathered and step < length):
            return []
        tokens = 0 if step > length else (step - 1) % self.gathered + 1
        text = "tok " * tokens
        content = {"delta": {"content": text}} if chat else {"text": text}
        reason = "stop" if step == last else None
        return [{"choices": [{"index": index, "finish_reason": reason, **content}]}]

    async def _whole(self, lengths: list[int], usage: dict[str, int], *, chat: bool) -> web.Response:
        for _ in range(max(lengths) + self.counts_ends):
            self._begin_step()
            if self.clock is None:
                await asyncio.sleep(STEP_S)
        choices = [
            {
                "index": index,
                "finish_reason": "stop",
                **({"message": {"content": "tok " * length}} if chat else {"text": "tok " * length}),
            }
            for index, length in enumerate(lengths)
        ]
        return web.json_response({"choices": choices, "usage": usage})


def _as_event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
