"""From a sample's start to its end, which comes by itself or is brought about."""

import contextlib
import os
import select
import signal
import time
from dataclasses import dataclass

from evalsite.grading.inside.clocks import LOOK_S, Clocks, cpu_used
from evalsite.grading.inside.guarding import Guard
from evalsite.grading.inside.messages import TESTS_SHARE, WALL_PATIENCE, Request
from evalsite.grading.inside.pace import Allowance, Pace

OUTPUT_TAIL = 4096
_SIGKILL = int(signal.SIGKILL)
_AT_WORK_SHARE = 0.05
_LOOK_AROUND_S = 0.01
"""Between two looks at what a sample has made, where neither a disk nor a user of its own bounds it."""
_SHORTEST_LOOK_S = 0.01
"""Between two looks at a sample's clock, however little of its time is left."""
Ending = tuple[bytes, int, float, float, float]
"""The fields of :class:`.messages.Outcome` that need no proof: cause, status, CPU and wall seconds, MiB."""


class Tail:
    """The end of what was written, and so many bytes of its beginning as are asked for."""

    def __init__(self, head: int) -> None:
        self._room = head
        self._head, self._tail = bytearray(), bytearray()

    def add(self, piece: bytes) -> None:
        """Take what was written next."""
        first = piece[: self._room]
        self._room -= len(first)
        self._head += first
        self._tail += piece[len(first) :]
        del self._tail[:-OUTPUT_TAIL]

    def kept(self) -> bytes:
        """Both, one behind the other."""
        return bytes(self._head + self._tail)


@dataclass(slots=True)
class Started:
    """A running sample, as its fork server sees it."""

    pid: int
    init: int | None
    """First process of the sample's namespace, where it has one."""
    output: int
    refusals: int
    """Where it says that it could not give up its rights, and so never runs its program."""
    started: float
    guard: Guard | None = None
    """Looks after it where no namespace does, which also means that its process group is its own."""

    def is_unconfined(self) -> bool:
        """Whether it said so. To be asked once, when it has ended."""
        try:
            return bool(os.read(self.refusals, 1))
        except BlockingIOError:  # a descriptor that outlives it in a process of its own holds no word, either
            return False
        finally:
            os.close(self.refusals)


class Watch:
    """Waits for a sample's end, or brings it about; keeps the end of its output, and so many bytes of its
    beginning.

    It is made before the sample is forked: what the server touches while it shares its memory with a sample,
    it has to copy.
    """

    def __init__(
        self, request: Request, grader: int, verifier: int | None, pace: Pace, head: int = 0
    ) -> None:
        """``grader`` is the descriptor of the connection to whoever asks, whose end is the sample's, too.

        ``verifier`` is the process that runs the tests, if that is another one: while it is at work, the
        sample may wait. ``pace`` tells how disturbed this processor is.
        """
        self._request = request
        self._grader = grader
        self._tail = Tail(head)
        self._consumption = _Consumption(verifier, request.cpu_s, pace)
        self._poller = select.poll()
        self._poller.register(grader, 0)  # tells when the grader has gone
        self._written = 0

    def until_end(self, started: Started) -> tuple[Ending, bytes]:
        """How a sample ended that has just started, and its output."""
        tail, consumption = self._tail, self._consumption
        pidfd = os.pidfd_open(started.pid)
        cause = self._wait(started, pidfd)
        if cause:
            os.kill(started.pid, _SIGKILL)
        if started.guard is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, _SIGKILL)  # before it is reaped, so that the number is still its
        os.close(pidfd)
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.monotonic() - started.started
        _end_namespace(started)
        while self._written <= self._request.output and (more := _read_into(tail, started.output)):
            self._written += more
        os.close(started.output)
        if not cause and self._written > self._request.output:
            cause = b"output"
        cpu = max(usage.ru_utime + usage.ru_stime, consumption.used)
        if not cause and cpu >= consumption.allowance.limit_s:
            cause = b"cpu"  # in children that it waited for, before anybody looked
        status = os.waitstatus_to_exitcode(status)
        return (cause, status, cpu, wall, usage.ru_maxrss / 1024), tail.kept()

    def _wait(self, started: Started, pidfd: int) -> bytes:
        """Wait until the sample ends or has to be ended; returns the cause (empty: by itself).

        CPU time is read from the processes' own clocks, which are exact. The kernel's limit, which counts the
        clock's ticks and so is off by a tenth where a machine is shared, stands behind it.
        """
        request, consumption, poller = self._request, self._consumption, self._poller
        deadline = started.started + request.wall_s
        last_deadline = started.started + request.wall_s * WALL_PATIENCE
        look_around = started.started + _LOOK_AROUND_S if started.guard is not None else last_deadline
        look_at_clock = started.started + consumption.until_look()
        poller.register(pidfd, select.POLLIN)
        poller.register(started.output, select.POLLIN)
        while self._written <= request.output:
            now = time.monotonic()
            if now >= min(look_at_clock, deadline):
                if cause := consumption.look(started):
                    return cause
                at_work = consumption.is_at_work(now - started.started)
                may_wait = at_work and deadline < last_deadline and not consumption.are_many
                if now >= deadline and not may_wait:
                    return b"tests" if consumption.used_by_tests > consumption.used else b"wall"
                if now >= deadline:
                    deadline += request.wall_s  # a busy machine is no reason to end what is not asleep
                look_at_clock = now + consumption.until_look()
            if started.guard is not None and now >= look_around:
                if complaint := started.guard.complaint():
                    return complaint
                look_around = time.monotonic() + _LOOK_AROUND_S
            next_look = min(look_at_clock, deadline, look_around)
            for descriptor, event in poller.poll(max((next_look - now) * 1000, 1)):
                if descriptor == pidfd:
                    return b""
                if descriptor == self._grader:
                    return b"grader"
                if event & select.POLLIN:
                    self._written += _read_into(self._tail, started.output)
                else:
                    poller.unregister(started.output)
        return b"output"


class _Consumption:
    """The CPU time of a sample and of its tests, and how much of it each may use.

    The tests are not the sample's, but what they look at is: with what it returned they may never end.
    """

    def __init__(self, tests: int | None, cpu_s: float, pace: Pace) -> None:
        """``tests``: the process that runs them, which has run others before; None: the sample does."""
        self._clocks: Clocks | None = None
        self._tests = tests
        self._before = self._clock_of_tests()
        self.allowance = Allowance(cpu_s, pace)
        self._allowance_of_tests = Allowance(cpu_s * TESTS_SHARE, pace)
        self.used = self.used_by_tests = 0.0
        """Seconds, at the last look."""

    def look(self, started: Started) -> bytes:
        """Read the clocks; returns the cause to end the sample for, or nothing."""
        if self._clocks is None:
            self._clocks = Clocks(started.pid, tests=self._tests, in_namespace=started.init is not None)
        self.used = self._clocks.used()
        self.used_by_tests = (self._clock_of_tests() or self._before) - self._before
        if self.allowance.is_over(self.used):
            return b"cpu"
        return b"tests" if self._allowance_of_tests.is_over(self.used_by_tests) else b""

    @property
    def are_many(self) -> bool:
        """Whether the sample was seen to have begun others, or must have."""
        return self._clocks is not None and self._clocks.are_many

    def _clock_of_tests(self) -> float:
        return 0.0 if self._tests is None else cpu_used(self._tests) or 0.0

    def until_look(self) -> float:
        """Seconds until the next look."""
        left = self.allowance.until_look(self.used)
        left = max(min(left, self._allowance_of_tests.until_look(self.used_by_tests)), _SHORTEST_LOOK_S)
        return min(left, LOOK_S) if self.are_many else left

    def is_at_work(self, wall_s: float) -> bool:
        """Whether that much was used in this time that neither can be said to sleep."""
        return self.used + self.used_by_tests > wall_s * _AT_WORK_SHARE


def _end_namespace(started: Started) -> None:
    """End whatever the sample has left behind."""
    if started.init is not None:
        os.kill(started.init, _SIGKILL)
        os.waitpid(started.init, 0)
        return
    if started.guard is not None:
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        return
    end_children()


def end_children() -> None:
    """End and reap whatever this process has below it."""
    while _kill_children():
        pass


def _read_into(tail: Tail, descriptor: int) -> int:
    """Append what a pipe holds, keep the end of it, return how much it was."""
    try:
        piece = os.read(descriptor, 1 << 16)
    except BlockingIOError:
        return 0
    tail.add(piece)
    return len(piece)


def _kill_children() -> bool:
    """Kill and reap every child of this process; True while there were any."""
    own = os.getpid()
    with open(f"/proc/{own}/task/{own}/children") as children:  # noqa: PTH123
        pids = [int(pid) for pid in children.read().split()]
    for pid in pids:
        os.kill(pid, _SIGKILL)
        os.waitpid(pid, 0)
    return bool(pids)
