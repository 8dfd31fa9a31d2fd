"""Waiting before a run for a server that is there, but asks everybody to wait: it loads its model, mostly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from evalsite.client.faults import FaultError
from evalsite.client.waiting import Notify, Troubles, unheard

T = TypeVar("T")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


class Patience:
    """``for_s`` is how long a server may be busy, in all; ``notify`` hears why, at once and once a minute."""

    def __init__(self, for_s: float, notify: Notify = unheard) -> None:
        self._left_s = for_s
        self._troubles = Troubles(notify)

    async def ask(self, url: str, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request, again and again while the server is busy; raises its last word at the end."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                answer = await request()
            except FaultError as fault:
                wait_s = max(fault.wait_s or 0.0, pause_s)
                if not fault.is_busy or wait_s > self._left_s:
                    raise
                self._troubles.waits(url, fault, 1, wait_s)
            else:
                self._troubles.over(url)
                return answer
            self._left_s -= wait_s
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)
            await asyncio.sleep(wait_s)
