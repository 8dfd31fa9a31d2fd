"""How much CPU time the processes of a sample have used: the sample's own, and those that it has begun.

The kernel adds a process's time to its parent's when the parent waits for it, and to nobody's when nobody
does. So their clocks are read while they run. The sandbox holds no ``/proc`` to list them, but numbers of
processes are given out in order: those between the sample's and the next one are its own.
"""

import os
import time

from evalsite.grading.inside.guarding import below

LOOK_S = 0.1
"""Between two looks at a sample that has begun others."""
_MANY = 100
"""Processes and threads that were begun, though none of them was seen: they come and go between looks."""
_MOST = 1 << 16
"""Numbers that are tried at once, where the kernel has begun anew with small ones."""
_FIRST = 300
"""The number it begins with then."""


def cpu_used(pid: int) -> float | None:
    """Seconds of CPU time that a process has used so far; None for what is none, or is no more."""
    process_clock = (~pid << 3) | 2  # what clock_getcpuclockid() gives for another process
    try:
        return time.clock_gettime(process_clock)
    except OSError:
        return None


class Clocks:
    """Those of one sample and of what it has begun."""

    def __init__(self, pid: int, *, tests: int | None, in_namespace: bool) -> None:
        """``tests`` is the process that runs the tests, if any, and no part of the sample.

        ``in_namespace``: the numbers behind ``pid`` are given to nobody else but the tests' process.
        """
        self._used = {pid: 0.0}
        self._alive = {pid}
        self._tests = tests
        self._in_namespace = in_namespace
        self._next = pid + 1
        self._begun = 0

    def used(self) -> float:
        """Seconds of CPU time that all have used, as far as they were there at a look."""
        for pid in [*self._alive, *(self._new() if self._in_namespace else below())]:
            used = cpu_used(pid)
            if used is None:
                self._alive.discard(pid)
            elif pid != self._tests:
                self._alive.add(pid)
                self._used[pid] = used
        return self.seen

    @property
    def seen(self) -> float:
        """What :meth:`used` said last."""
        return sum(self._used.values())

    @property
    def are_many(self) -> bool:
        """Whether the sample was seen to have begun others, or must have."""
        return len(self._used) > 1 or self._begun > _MANY

    def _new(self) -> range:
        first, newest = self._next, _newest_process()
        if newest < first:
            first = _FIRST if newest > _FIRST else newest
        first = max(first, newest - _MOST)
        self._next = newest + 1
        self._begun += newest - first
        return range(first, newest)


def _newest_process() -> int:
    """The number that a new process gets."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid
