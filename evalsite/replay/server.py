"""The replay server: recognises a prompt, and sends the recorded answer at the pace it was recorded at."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from evalsite import __version__
from evalsite.client.core import seed_for
from evalsite.kinds.prompts import build_prompt
from evalsite.replay.recordings import RecordedModel, Recording
from evalsite.rundir.schema import Problem

PIECES = 12
"""Pieces in which a streamed answer is sent: enough to time it, without a packet for each token."""


@dataclass(frozen=True)
class Question:
    """What a request asked: of whom, what, and which of its samples."""

    model: str
    problem: str
    sample: int
    turn: int
    stream: bool
    chat: bool


class Replay:
    """Answers like a model would, from recordings. ``speed`` of 2 halves every recorded time."""

    def __init__(
        self, models: Sequence[RecordedModel], problems: Sequence[Problem], *, speed: float = 1.0
    ) -> None:
        self._models = {model.about.model: model for model in models}
        self._speed = speed
        self._sample_of = {
            (name, seed_for(model.about.settings.seed, sample)): sample
            for name, model in self._models.items()
            for sample in range(model.about.num_samples)
        }
        styles = {model.about.settings.prompt for model in models}
        prompts = [build_prompt(problem, style) for style in styles for problem in problems]
        self._problem_of = {_asked(each.messages)[0] or each.text: each.problem for each in prompts}

    def application(self) -> web.Application:
        """Return the server's routes."""
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_get("/health", self._health)
        app.router.add_get("/version", self._version)
        app.router.add_get("/v1/models", self._list_models)
        app.router.add_post("/v1/completions", self._completions)
        app.router.add_post("/v1/chat/completions", self._chat)
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _version(self, _request: web.Request) -> web.Response:
        pace = (
            "at the recorded pace"
            if self._speed == 1
            else f"{self._speed:g} times as fast, times scaled back"
        )
        return web.json_response({"version": f"evalsite replay {__version__}, {pace}"})

    async def _list_models(self, _request: web.Request) -> web.Response:
        data = [{"id": name, "object": "model", "owned_by": "evalsite"} for name in self._models]
        return web.json_response({"object": "list", "data": data})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return await self._answer(request, body, (str(body.get("prompt", "")), 1), chat=False)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return await self._answer(request, body, _asked(body.get("messages", ())), chat=True)

    async def _answer(
        self, request: web.Request, body: Mapping[str, Any], asked: tuple[str, int], *, chat: bool
    ) -> web.StreamResponse:
        """Send what was recorded; ``asked``: a prompt, and which turn of its answer this is."""
        model, (prompt, turn) = str(body.get("model", "")), asked
        problem = self._problem_of.get(prompt, "")
        sample = self._sample_of.get((model, body.get("seed")), 0)
        recording = self._models[model].answer(problem, sample, turn) if model in self._models else None
        if recording is None:
            words = (
                f"the model {model!r} has no recorded answer to this prompt; ask HumanEval with its own style"
            )
            return web.json_response({"error": {"message": words, "type": "not_found_error"}}, status=404)
        question = Question(model, problem, sample, turn, stream=bool(body.get("stream")), chat=chat)
        if question.stream:
            return await self._stream(request, question, recording)
        await asyncio.sleep(recording.latency_s / self._speed)
        return web.json_response(_whole(question, recording))

    async def _stream(
        self, request: web.Request, question: Question, recording: Recording
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        loop = asyncio.get_running_loop()
        start = loop.time()
        pieces = list(_pieces(recording.text))
        step = (recording.latency_s - recording.first_token_s) / max(1, len(pieces) - 1)
        for number, piece in enumerate(pieces):
            due = start + (recording.first_token_s + number * step) / self._speed
            await asyncio.sleep(max(0.0, due - loop.time()))
            await _send(response, _chunk(question, {"content": piece}, None))
        await _send(response, _chunk(question, _called(recording), recording.finish_reason))
        await _send(response, {**_frame(question), "choices": [], "usage": _usage(recording)})
        await response.write(b"data: [DONE]\n\n")
        return response


@contextmanager
def serving(replay: Replay) -> Iterator[str]:
    """Run the server on a free loopback port, in a thread of its own; yields its base URL."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(replay.application(), access_log=None)

    async def start() -> str:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    thread = threading.Thread(target=loop.run_forever, name="replay", daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _asked(messages: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """What the user said last, and which answer to that is wanted; nobody's words where nobody asked."""
    turn = 1
    for message in reversed(messages):
        if message.get("role") == "user":
            return str(message.get("content")), turn
        turn += message.get("role") == "assistant"
    return "", turn


def _called(recording: Recording) -> dict[str, Any]:
    """The calls of an answer, in OpenAI's form; nothing where there are none."""
    if not recording.calls:
        return {}
    calls = [
        {
            "index": piece.index,
            "id": piece.id,
            "type": "function",
            "function": {"name": piece.name, "arguments": piece.arguments},
        }
        for piece in recording.calls
    ]
    return {"tool_calls": calls}


def _pieces(text: str) -> Iterator[str]:
    size = max(1, -(-len(text) // PIECES))
    for start in range(0, len(text), size):
        yield text[start : start + size]


def _frame(question: Question) -> dict[str, Any]:
    kind = "chat.completion" if question.chat else "text_completion"
    return {
        "id": f"replay-{question.problem}-{question.sample}-{question.turn}",
        "object": f"{kind}.chunk" if question.stream and question.chat else kind,
        "created": 0,
        "model": question.model,
    }


def _chunk(question: Question, delta: Mapping[str, Any], finish_reason: str | None) -> dict[str, Any]:
    content: dict[str, Any] = {"delta": delta} if question.chat else {"text": delta.get("content", "")}
    return {**_frame(question), "choices": [{"index": 0, "finish_reason": finish_reason, **content}]}


def _whole(question: Question, recording: Recording) -> dict[str, Any]:
    text = recording.text
    content: dict[str, Any] = (
        {"message": {"role": "assistant", "content": text, **_called(recording)}}
        if question.chat
        else {"text": text}
    )
    choice = {"index": 0, "finish_reason": recording.finish_reason, **content}
    return {**_frame(question), "choices": [choice], "usage": _usage(recording)}


def _usage(recording: Recording) -> dict[str, int]:
    prompt, completion = recording.prompt_tokens or 0, recording.completion_tokens or 0
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


async def _send(response: web.StreamResponse, event: Mapping[str, Any]) -> None:
    await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")
