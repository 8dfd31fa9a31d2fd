"""What the tests of this room share: prompts, settings, and a client with short waits."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from evalsite.generate.client import Client, Outcome, Timeouts, parse_endpoint
from evalsite.rundir.schema import Prompt, Settings

T = TypeVar("T")

QUICK = Timeouts(
    connect_s=5, idle_s=20, request_s=20, deadline_s=60, attempts=12, first_wait_s=0.005, longest_wait_s=0.02
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


def client(urls: str | Sequence[str], chosen: Settings | None = None, **options: Any) -> Client:
    chosen = chosen or settings()
    each = [urls] if isinstance(urls, str) else urls
    options.setdefault("timeouts", QUICK)
    return Client([parse_endpoint(url, chosen.api) for url in each], chosen, model="m", **options)


async def outcomes(asking: Client, work: Iterable[tuple[Prompt, Sequence[int]]]) -> list[Outcome]:
    async with asking:
        return [outcome async for outcome in asking.generate(work)]
