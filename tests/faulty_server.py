"""An OpenAI-compatible server on loopback that fails in every way real ones do, on command or by chance.

What it means to answer depends on the prompt, the seed and the choice's index alone (:func:`meant`), so a
test can compare every completion, byte by byte, with what should have come. Use it as an async context
manager. The chance is seeded.
"""

import asyncio
import hashlib
import json
import random
import weakref
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

TRANSIENT = (
    "reset",
    "disconnect",
    "http-408",
    "http-409",
    "http-425",
    "http-429",
    "http-500",
    "http-502-html",
    "http-503",
    "html",
    "malformed",
    "cut",
    "cut-quietly",
    "no-choices",
    "error-event",
    "aborted",
)
"""Faults that a second attempt may get round, and quickly."""

STALLS = ("stall", "stall-midway")
"""Faults that only a time limit ends."""

PALETTE = (
    " ",
    "    ",
    "\t",
    "\n",
    "\r\n",
    "return",
    "x",
    "é",
    "✓",
    "😀",
    "\u2028",
    "\x00",
    '"',
    "\\",
    "</s>",
    "data: ",
)


def meant(prompt: str, seed: int | None, index: int = 0) -> str:
    """Return what the server means to answer: awkward text, different for each prompt, seed and index."""
    key = f"{prompt}|{seed}|{index}".encode()
    draw = random.Random(hashlib.sha256(key).digest())
    return f"    return {draw.random()}" + "".join(draw.choices(PALETTE, k=draw.randrange(1, 30)))


@dataclass
class Request:
    """One request as it arrived."""

    path: str
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def prompt(self) -> str:
        if "messages" in self.body:
            return str(self.body["messages"][-1]["content"])
        return str(self.body["prompt"])


@dataclass
class FaultyServer:
    """``rate`` is the share of requests that fail; ``faults`` is what they draw from."""

    rate: float = 0.0
    seed: int = 0
    faults: Sequence[str] = TRANSIENT
    most_in_a_row: int = 1_000_000
    """So many faults by chance at most meet one prompt and seed, before they get their answer."""
    honours_n: bool = True
    honours_stop: bool = True
    streams: bool = True
    refused_words: Mapping[str, str] = field(default_factory=dict)
    """Field of a request -> the words of the 400 that it earns."""
    refused_prompts: Mapping[str, str] = field(default_factory=dict)
    """Word of a prompt -> the words of the 400 that it earns."""
    pages: Mapping[str, Any] = field(default_factory=dict)
    """Path -> JSON answered to a GET; an integer is a bare status, a pair a status and its words."""
    moved_to: str = "http://127.0.0.1/elsewhere"
    """Where redirects lead."""
    fails_at_n: bool = False
    """Answer 500 to every request for several choices, as if it were no mistake of the client's."""
    one_stream_a_connection: bool = False
    """Close a connection on which a request follows a stream, without having announced it."""
    model: str = "faulty-1"
    fingerprint: str = "fp_0"
    latency_s: float = 0.0
    role_first_s: float = 0.0
    """A stream opens with a role alone, and this long with nothing."""
    at_once: bool = False
    """All of a stream in one piece, as it arrives where a busy machine reads it late."""
    begins: asyncio.Event | None = None
    """Requests are answered from then on; before, they wait."""
    finish_reason: str = "stop"
    thinks: bool = False
    """Chat answers stand in the reasoning, and nothing in the content."""
    keep_requests: bool = True
    answer: Callable[[str, int | None, int], str] = meant

    def __post_init__(self) -> None:
        self.commanded: deque[str] = deque()
        self.requests: list[Request] = []
        self.looks: list[str] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.committed: dict[str, int] = {}
        self._in_a_row: Counter[tuple[str, int | None]] = Counter()
        self._streamed_on: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()
        self._random = random.Random(self.seed)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def commit(self, *faults: str) -> None:
        """Let the next requests meet these faults, one each."""
        self.commanded.extend(faults)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/completions", self._post)
        app.router.add_post("/v1/chat/completions", self._post)
        app.router.add_get("/{path:.*}", self._get)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _get(self, request: web.Request) -> web.Response:
        self.looks.append(request.path)
        page = self.pages.get(request.path, 404)
        if isinstance(page, int):
            return web.Response(status=page, text="no such page")
        if isinstance(page, tuple):
            return web.Response(status=page[0], text=page[1])
        if isinstance(page, str):
            return web.Response(text=page, content_type="text/html")
        return web.json_response(page)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        asked = Request(request.path, await request.json(), dict(request.headers))
        if self.keep_requests:
            self.requests.append(asked)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            fault = self._next_fault((asked.prompt, asked.body.get("seed")))
            if self.begins is not None:
                await self.begins.wait()
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            for name, words in self.refused_words.items():
                if name in asked.body:
                    return web.json_response({"error": {"message": words}}, status=400)
            for word, words in self.refused_prompts.items():
                if f"{word}(" in asked.prompt:
                    return web.json_response({"error": {"message": words}}, status=400)
            if self.fails_at_n and "n" in asked.body:
                return web.json_response({"error": {"message": "one choice is enough"}}, status=500)
            if request.transport in self._streamed_on:
                request.transport.abort()
            if early := await self._fail_early(request, fault):
                return early
            if asked.body.get("stream") and self.streams:
                return await self._stream(request, asked, fault)
            return await self._whole(request, asked, fault)
        finally:
            self.in_flight -= 1

    def _next_fault(self, key: tuple[str, int | None]) -> str:
        if self.commanded:
            fault = self.commanded.popleft()
        elif self._random.random() < self.rate and self._in_a_row[key] < self.most_in_a_row:
            fault = self._random.choice(self.faults)
            self._in_a_row[key] += 1
        else:
            fault = ""
        if fault:
            self.committed[fault] = self.committed.get(fault, 0) + 1
        return fault

    async def _fail_early(self, request: web.Request, fault: str) -> web.Response | None:
        """Commit the faults that come before any answer."""
        if fault in {"reset", "disconnect"}:
            assert request.transport is not None
            request.transport.abort() if fault == "reset" else request.transport.close()
            return web.Response()
        if fault == "stall":
            await asyncio.sleep(3600)
        if fault == "html":
            return web.Response(
                text="<!DOCTYPE html><html><body>Welcome</body></html>", content_type="text/html"
            )
        if fault == "http-502-html":
            return web.Response(
                status=502, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html"
            )
        if fault == "malformed":
            return web.Response(text='{"choices": [{"text": "x"', content_type="application/json")
        if fault.startswith("http-"):
            status, _, wait = fault.removeprefix("http-").partition("-")
            headers = {"Retry-After": wait} if wait else {}
            if fault == "http-307":
                headers["Location"] = self.moved_to
            words = {"error": {"message": f"words of {status}", "type": "trouble"}}
            return web.json_response(words, status=int(status), headers=headers)
        return None

    def _texts(self, asked: Request, fault: str) -> list[str]:
        n = int(asked.body.get("n", 1)) if self.honours_n else 1
        if fault == "fewer" and n > 1:
            n -= 1
        texts = [self.answer(asked.prompt, asked.body.get("seed"), index) for index in range(n)]
        stops = asked.body.get("stop", ()) if self.honours_stop else ()
        return [min((text.partition(stop)[0] for stop in stops), key=len, default=text) for text in texts]

    async def _whole(self, request: web.Request, asked: Request, fault: str) -> web.StreamResponse:
        chat = "messages" in asked.body
        texts = self._texts(asked, fault)
        reason = "abort" if fault == "aborted" else self.finish_reason
        choices = [
            {
                "index": i,
                "finish_reason": reason,
                **({"message": {"content": text}} if chat else {"text": text}),
            }
            for i, text in enumerate(texts)
        ]
        if fault == "error-event":
            return web.json_response({"error": {"message": "the engine died"}})
        data = {
            "model": self.model,
            "system_fingerprint": self.fingerprint,
            "choices": [] if fault == "no-choices" else choices,
            "usage": {"prompt_tokens": 7, "completion_tokens": sum(map(len, texts))},
        }
        body = json.dumps(data).encode()
        if fault in {"cut", "cut-quietly", "stall-midway"}:
            response = web.StreamResponse(
                headers={"Content-Type": "application/json", "Content-Length": str(len(body))}
            )
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
            if fault == "stall-midway":
                await asyncio.sleep(3600)
            assert request.transport is not None
            request.transport.close()
            return response
        return web.Response(body=body, content_type="application/json")

    async def _stream(self, request: web.Request, asked: Request, fault: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if self.one_stream_a_connection and request.transport is not None:
            self._streamed_on.add(request.transport)
        if self.role_first_s:
            role = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}
            await response.write(b"data: " + json.dumps(role).encode() + b"\n\n")
            await asyncio.sleep(self.role_first_s)
        events = self._events(asked, fault)
        if fault in {"cut", "cut-quietly", "stall-midway"}:
            events = events[: max(1, len(events) // 3)]
        lines = (b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
        for written in [b"".join(lines)] if self.at_once else lines:
            await response.write(written)
        if fault == "stall-midway":
            await asyncio.sleep(3600)
        if fault == "cut":
            assert request.transport is not None
            request.transport.close()
            return response
        if fault not in {"cut-quietly", "no-done"}:
            await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def _events(self, asked: Request, fault: str) -> list[dict[str, Any]]:
        if fault == "error-event":
            return [{"error": {"message": "the engine died", "code": 500}}]
        if fault == "refusal-event":
            return [{"object": "error", "message": "the prompt is too long", "code": 400}]
        if fault == "no-choices":
            return [{"choices": [], "model": self.model}]
        chat = "messages" in asked.body
        texts = self._texts(asked, fault)
        reason = "abort" if fault == "aborted" else self.finish_reason
        events: list[dict[str, Any]] = []
        for place in range(0, max(map(len, texts), default=0) + 1, 3):
            for index, text in enumerate(texts):
                if piece := text[place : place + 3]:
                    said = "reasoning_content" if self.thinks else "content"
                    choice = {"delta": {said: piece}} if chat else {"text": piece}
                    events.append({"choices": [{"index": index, "finish_reason": None, **choice}]})
        for index in range(len(texts)):
            last = {"delta": {}} if chat else {"text": ""}
            events.append(
                {
                    "model": self.model,
                    "system_fingerprint": self.fingerprint,
                    "choices": [{"index": index, "finish_reason": reason, **last}],
                }
            )
        if (asked.body.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 7, "completion_tokens": sum(map(len, texts))}
            events.append({"choices": [], "usage": usage})
        return events
