"""What the tests of this room share: prompts, settings, and a client with short waits."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.examination import Finding, examine
from evalsite.client.patience import Patience
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Outcome
from evalsite.client.waiting import Notice, Notify
from evalsite.rundir.schema import Completion, Prompt, Settings

T = TypeVar("T")

QUICK = Timeouts(
    connect_s=5,
    idle_s=20,
    request_s=20,
    attempts=12,
    first_wait_s=0.005,
    longest_wait_s=0.02,
    shortest_wait_s=0.001,
    patience_s=60,
    unproven_s=30,
)
"""Limits for tests: short waits between attempts, no limit that a busy machine could reach by itself."""


Habit = Callable[[dict[str, Any]], tuple[int, Any]]
"""The body of a request -> status and JSON of its answer."""


MODELS = {"data": [{"id": "/srv/models/tiny.gguf", "owned_by": "someone", "meta": {"n_ctx": 100}}]}


TEXT = "x = 1\n"


TWICE = Timeouts(request_s=20, attempts=2, first_wait_s=0.001, longest_wait_s=0.001)


LIMITS = Timeouts(
    request_s=30, attempts=3, first_wait_s=0.01, shortest_wait_s=0.002, longest_wait_s=0.05, patience_s=60
)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


def settings(**changes: Any) -> Settings:
    plain = {
        "api": "completions",
        "prompt": "completion-v1",
        "temperature": 0.8,
        "top_p": 0.95,
        "max_tokens": 64,
    }
    return Settings(**(plain | changes))


def prompt(number: int = 0, text: str = "") -> Prompt:
    return Prompt(
        problem=f"T/{number}", text=text or f"def f{number}():\n", form="completion", stop=("\ndef ",)
    )


def client(
    urls: str | Sequence[str], chosen: Settings | None = None, notify: Notify | None = None, **options: Any
) -> Client:
    chosen = chosen or settings()
    each = [urls] if isinstance(urls, str) else urls
    options.setdefault("timeouts", QUICK)
    made = Client([parse_endpoint(url, chosen.api) for url in each], chosen, model="m", **options)
    if notify is not None:
        made.notify(notify)
    return made


async def outcomes(asking: Client, work: Iterable[tuple[Prompt, Sequence[int]]]) -> list[Outcome]:
    async with asking:
        return await outcomes_of(asking, work)


async def outcomes_of(asking: Client, work: Iterable[tuple[Prompt, Sequence[int]]]) -> list[Outcome]:
    return [outcome async for outcome in asking.generate(work)]


def texts(found: Iterable[Outcome]) -> dict[tuple[str, int], str]:
    """Return the texts that came, by problem and sample."""
    return {(each.problem, each.sample): each.text for each in found if isinstance(each, Completion)}


@contextlib.asynccontextmanager
async def saying(*answers: bytes | Callable[[bytes], bytes]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve raw answers, one a connection, the last one over and over; yields the URL and what was asked.

    A function is given the request and returns the answer. The connection is closed behind it.
    """
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            asked.append(head + await reader.readexactly(length))
            chosen = answers[min(len(asked), len(answers)) - 1]
            writer.write(chosen if isinstance(chosen, bytes) else chosen(asked[-1]))
            await writer.drain()
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=2**20)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()


def answer_of(body: bytes, kind: str = "application/json", **headers: str) -> bytes:
    """Return a whole HTTP answer of status 200."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def stream_of(*events: Any, done: bool = True) -> bytes:
    """Return an HTTP answer that streams events, each a JSON value or bytes as they are."""
    data = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    body = b"".join(b"data: " + each + b"\n\n" for each in (*data, *([b"[DONE]"] if done else [])))
    return answer_of(body, "text/event-stream")


def answering(habit: Habit) -> Callable[[bytes], bytes]:
    """Serve both APIs by a habit, and a list of models."""

    def answer(request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        if head.startswith(b"GET"):
            return answer_of(b'{"data": [{"id": "m"}]}')
        status, told = habit(json.loads(body))
        return answer_of(json.dumps(told).encode()).replace(b" 200 OK", f" {status} X".encode(), 1)

    return answer


def said(text: str | None, finish: str = "stop", **message: Any) -> tuple[int, Any]:
    choice = {"message": {"content": text, **message}, "text": text or "", "finish_reason": finish}
    return 200, {"choices": [{"index": 0, **choice}], "usage": {"prompt_tokens": 5, "completion_tokens": 9}}


def loading(times: int) -> Habit:
    """Answer 503 so often."""
    asked: list[None] = []

    def habit(_body: dict[str, Any]) -> tuple[int, Any]:
        asked.append(None)
        return (503, {"error": {"message": "Loading model"}}) if len(asked) <= times else said("x = 1\n")

    return habit


def findings(
    habit: Habit, notify: Callable[[Notice], None] = lambda _notice: None, **changes: Any
) -> dict[str, Finding]:
    async def go() -> list[Finding]:
        async with saying(answering(habit)) as (url, _):
            chosen = settings(**({"api": "chat", "stream": False} | changes))
            endpoint = parse_endpoint(url, chosen.api)
            return await examine(endpoint, chosen, model="m", patience=Patience(20, notify))

    return {finding.check: finding for finding in run(go())}


def ask(answer: bytes, *, stream: bool) -> Any:
    """Ask a server that always answers this, by chat; return what came of one sample."""

    async def go() -> Any:
        async with saying(answer) as (url, _):
            (got,) = await outcomes(client(url, settings(api="chat", stream=stream)), [(prompt(), (0,))])
            return got

    return run(go())


def piece(text: str = "", **choice: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text} if text else {}, **choice}]}


def asked_of(*answers: Any, samples: tuple[int, ...] = (0,), seed: int | None = 1) -> list[Any]:
    """Ask for samples of one prompt; return the outcomes."""

    async def go() -> list[Any]:
        async with saying(*answers) as (url, _):
            asking = client(url, settings(seed=seed), concurrency=1, timeouts=TWICE)
            return await outcomes(asking, [(prompt(), samples)])

    return run(asyncio.wait_for(go(), 120))


def refusal(status: int, body: bytes, **headers: str) -> bytes:
    """Return a whole HTTP answer of another status."""
    return answer_of(body, **headers).replace(b" 200 OK", f" {status} No".encode(), 1)


def spoken(**choice: Any) -> dict[str, Any]:
    return {"message": {"content": TEXT}, **choice}


def whole(choice: dict[str, Any], **more: Any) -> bytes:
    return answer_of(json.dumps({"choices": [{"index": 0, **choice}], **more}).encode())
