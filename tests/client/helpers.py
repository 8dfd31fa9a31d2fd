"""What the tests of this room share: prompts, settings, and a client with short waits."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from evalsite.client import Client, Outcome, Timeouts, parse_endpoint
from evalsite.client.waiting import Notify
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
