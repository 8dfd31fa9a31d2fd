"""How much slower a processor works now than when nothing disturbs it, and so how much CPU time is fair.

A process's CPU time does not count the time in which others run, but it grows all the same when they share
its core, its caches or the memory's bandwidth. So a sample near its limit is measured by what the same piece
of work takes now and what it took at best, on the same processor.
"""

import mmap
import time

MOST = 3.0
"""Times its limit that a sample gets at most."""
_UNNOTICED = 1.25
"""A piece of work takes so many times its best without anybody's doing."""
_FIRST_LOOK, _BETWEEN_LOOKS = 0.5, 0.2
"""Shares of the limit after which the pace is measured."""
_TRIES = 3
_STEPS, _SIZE = 8000, 1 << 20


class Pace:
    """A piece of work, and the shortest time that it ever took here."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SIZE)
        self._memory.madvise(mmap.MADV_DONTFORK)  # or each sample would get a copy
        self._best = min(self._piece() for _ in range(2 * _TRIES))

    def slowness(self) -> float:
        """How many times its best time the piece takes now."""
        now = min(self._piece() for _ in range(_TRIES))
        self._best = min(self._best, now)
        return now / self._best

    def _piece(self) -> int:
        """Nanoseconds of CPU time for some work on a megabyte."""
        memory, place = self._memory, 1
        begun = time.thread_time_ns()
        for _ in range(_STEPS):
            place = place * 5 + 1 & _SIZE - 1
            memory[place] = memory[place] + 1 & 255
        return max(time.thread_time_ns() - begun, 1)


class Allowance:
    """The CPU time that one sample may use: its limit, or more where it is disturbed."""

    def __init__(self, cpu_s: float, pace: Pace) -> None:
        self._cpu_s = cpu_s
        self._pace = pace
        self._seen: list[float] = []

    @property
    def limit_s(self) -> float:
        """Seconds, by what has been seen of its pace so far."""
        if not self._seen:
            return self._cpu_s
        slowness = sorted(self._seen)[len(self._seen) // 2]
        return self._cpu_s * (min(slowness, MOST) if slowness > _UNNOTICED else 1.0)

    def until_look(self, used_s: float) -> float:
        """Seconds of CPU time after which to ask again whether it is over."""
        if used_s < self._cpu_s * _FIRST_LOOK:
            return self._cpu_s * _FIRST_LOOK - used_s
        return min(self.limit_s - used_s, self._cpu_s * _BETWEEN_LOOKS)

    def is_over(self, used_s: float) -> bool:
        """Whether a sample that has used so much has had enough. Measures the pace once it has used half."""
        if used_s < self._cpu_s * _FIRST_LOOK:
            return False
        self._seen.append(self._pace.slowness())
        return used_s >= self.limit_s
