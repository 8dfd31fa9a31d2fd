"""Outcomes on their way from workers to whoever asked: no more than there are places for."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Outbox(Generic[T]):
    """A queue that is entered before the work and not after it: who waits with something in hand may lose it.

    ``places`` is how many may be at work or wait to be taken.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._left = asyncio.Event()
        self._things: deque[T] = deque()
        self._came = asyncio.Event()

    async def enter(self) -> None:
        """Wait for a place: what comes of it is :meth:`put` there."""
        while not self._free:
            self._left.clear()
            await self._left.wait()
        self._free -= 1

    def put(self, thing: T) -> None:
        """Leave what came of an entered place, or a last word."""
        self._things.append(thing)
        self._came.set()

    async def take(self) -> T:
        """Wait for the next thing; its place is free again. Of one who takes."""
        while not self._things:
            self._came.clear()
            await self._came.wait()
        self._free += 1
        self._left.set()
        return self._things.popleft()
