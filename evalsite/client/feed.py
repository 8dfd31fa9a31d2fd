"""Work cut into requests, pulled lazily; what a server left out comes round again."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Self

from evalsite.rundir.schema import Prompt

Work = tuple[Prompt, Sequence[int]]
"""A prompt and the numbers of the samples wanted of it."""


class Feed:
    """Yields work to several workers, who wait while others may still give something back."""

    def __init__(self, work: Iterable[Work], share: Callable[[Sequence[int]], int]) -> None:
        self._work: Iterator[Work] = iter(work)
        self._share = share
        self._waiting: deque[Work] = deque()
        self._open = 0
        self._changed = asyncio.Event()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Work:
        while (unit := self._next()) is None:
            if not self._open:
                self._changed.set()
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        self._open += 1
        return unit

    def done(self, leftover: Work | None) -> None:
        """Report a unit as served, except for the leftover."""
        self._open -= 1
        if leftover is not None:
            self._waiting.appendleft(leftover)
        self._changed.set()

    def _next(self) -> Work | None:
        while True:
            if not self._waiting:
                try:
                    self._waiting.append(next(self._work))
                except StopIteration:
                    return None
            prompt, samples = self._waiting.popleft()
            if not samples:
                continue
            share = self._share(samples)
            if share < len(samples):
                self._waiting.appendleft((prompt, samples[share:]))
            return prompt, samples[:share]
