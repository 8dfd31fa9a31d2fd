"""How long a server that sends requests away is left alone, and how it is approached again."""

import asyncio
from dataclasses import dataclass

from evalsite.client.transport import Timeouts
from evalsite.client.trying import MOST_DOUBLINGS

LEARNED = 0.9
"""The first pause after a refusal is this part of the last one that was long enough."""

FIRST_STEP = 1 / 8
"""Of that one is the first further pause where it was not enough, too; each is twice as long as the last."""

MOST_BESIDES = 8
"""Refusals that are counted while others are taken: a place that got free is found soon, and a server that is
full is not asked at every turn.
"""

LONGEST_STEP_S, SHORTEST_STEP_S = 1.0, 0.001
"""Between two requests after a pause."""


@dataclass
class Pauses:
    """The pauses of one server. Times are on the event loop's clock, spans in seconds.

    A server that does not say for how long it wants to be left alone is asked again after a little less than
    what was enough last time, then at growing distances. After a pause requests go out one by one at first: a
    second one only when the first would have been refused by now, then ever faster. So what has been taken
    shows long before the answer comes.
    """

    timeouts: Timeouts
    until: float = 0.0
    """Nothing more is sent before than what it has taken already."""
    asked: bool = False
    """Whether the server has said how long it wants to be left alone this time."""
    named: bool = False
    """Whether it has ever said so."""

    def __post_init__(self) -> None:
        self._ends_at = float("-inf")
        self._enough_s = self.timeouts.first_wait_s
        self._paused_s = 0.0
        """So far, in this pause and those in vain before it."""
        self._in_vain = self._besides = 0
        self._step_s = 0.0
        self._first = 0
        """Requests sent since the pause."""
        self._replaced = False
        """Whether one was sent in it, in place of one that was answered, and not refused."""

    def sends_first(self) -> bool:
        """Note that a request goes out; return whether it is one of the first after a pause."""
        if not self._step_s:
            return False
        if (now := asyncio.get_running_loop().time()) < self._ends_at:
            self._replaced = True
            return False
        self._first += 1
        self.until = max(self.until, now + self._step_s)
        self._step_s = self._step_s / 2 if self._step_s > SHORTEST_STEP_S else 0.0
        return True

    def begin(self, sent_at: float, asked_s: float | None, last_try_at: float = float("inf")) -> bool:
        """Pause after the refusal of a request: for as long as the server asks, else for what was learned.

        A pause that nobody asked for ends in time for a last try. What was sent within one tells nothing new.
        Returns whether a pause had been long enough before.
        """
        now = asyncio.get_running_loop().time()
        if sent_at < self._ends_at:
            if asked_s:
                self.until = self._ends_at = max(self._ends_at, now + asked_s)
            self._replaced = False
            return False
        passed = self._first > 1  # the one before this would have been refused by now
        fresh = passed or not self._in_vain
        if passed:
            self._enough_s = max(self._paused_s, self.timeouts.shortest_wait_s)
            self._paused_s, self._in_vain, self._besides = 0.0, 0, 0
        elif self._replaced and self._in_vain:
            self._besides = min(self._besides + 1, MOST_BESIDES)
            self._paused_s, self._in_vain = 0.0, 1 + self._besides // 2
        wait_s = self._wait_s(asked_s)
        if not asked_s and now < last_try_at < now + wait_s:
            wait_s = last_try_at - now
        self.asked = bool(asked_s)
        self.named |= self.asked
        self._in_vain = min(self._in_vain + 1, MOST_DOUBLINGS)
        self._paused_s += wait_s
        self.until = self._ends_at = max(self.until, now + wait_s)
        self._first, self._replaced = 0, False
        self._step_s = min(LONGEST_STEP_S, max(SHORTEST_STEP_S, 1.5 * (now - sent_at)))
        return fresh

    def _wait_s(self, asked_s: float | None) -> float:
        shortest = self.timeouts.shortest_wait_s
        if asked_s:
            return max(asked_s, shortest)
        guess = FIRST_STEP * 2.0 ** (self._in_vain - 1) if self._in_vain else LEARNED
        wait_s = min(self.timeouts.longest_wait_s, max(shortest, guess * self._enough_s))
        # Where it says "now": now, and later where that was not enough.
        return wait_s if asked_s is None else min(wait_s, shortest * 2.0**self._in_vain)
