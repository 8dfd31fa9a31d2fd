"""Workers: each is a thread here and one or two fork servers in the sandbox; a dead or wedged one is
replaced.
"""

import contextlib
import sys
import threading
from collections import deque
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Self

import msgspec

from evalsite.errors import SandboxError
from evalsite.grading import isolation, refused
from evalsite.grading.environments import environment_of
from evalsite.grading.execution import Execution
from evalsite.grading.executors import fitting
from evalsite.grading.executors.base import Conditions, Queued, Task
from evalsite.grading.executors.commands import CommandServer
from evalsite.grading.executors.server import Server, WorkerDiedError
from evalsite.grading.interpreters import Interpreter
from evalsite.grading.numbers import Signal
from evalsite.grading.sandboxes import choose
from evalsite.languages.running import PLAIN
from evalsite.machine import bound_to, processor_of, usable_cpus
from evalsite.machine.cgroups import ControlGroups
from evalsite.machine.room import raise_open_files, room
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits
from evalsite.rundir.taxonomy import VerdictClass

_ATTEMPTS = 3
_LOOK_AHEAD = 8
_TURN_S = 0.0005
"""How long a thread may keep the interpreter from others. A worker's has hardly anything to do in it, but its
sandbox idles until that is done; by itself, Python lets whoever reads answers go on for ten times as long.
"""


class LocalExecutor:
    """Runs tasks on this machine; those that are to run alone come last, one at a time.

    ``workers`` defaults to the number of processors that this process may use, and becomes fewer where the
    machine has no room for them. ``sandbox`` says how programs are isolated: by
    default in the first that starts here; ``process`` means hardly. ``interpreter`` runs them, evalsite's own
    where none is given; ``packages`` is a folder of packages for programs of other languages.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        sandbox: str | None = None,
        workers: int | None = None,
        interpreter: Interpreter | None = None,
        packages: str = "",
    ) -> None:
        self.limits = limits
        self._asked = workers
        self.workers = workers or usable_cpus()
        self.conditions = Conditions()
        self._fit: fitting.Fit | None = None
        self._turn_before = 0.0
        self._scarce: dict[VerdictClass, str] = {}
        self._together: deque[Queued] = deque()
        self._alone: deque[Queued] = deque()
        self._running: list[Queued] = []
        self._alone_running = False
        self._closing = False
        self._changed = threading.Condition()
        self._sandbox = choose(sandbox)
        self._start_of = _Starting(self._sandbox, limits, interpreter, packages, self._note_tools)
        self._ready: list[Future[Server]] = []
        self._servers: list[_Servers] = []
        self._threads: list[threading.Thread] = []

    @contextlib.contextmanager
    def begun(self) -> Iterator[None]:
        """Let the sandboxes start beside what is done within, which may need all of a processor, too."""
        try:
            with contextlib.suppress(SandboxError):  # whoever enters is told
                self._begin()
            yield
        finally:
            self.close()

    def _begin(self) -> fitting.Fit:
        """Start all workers, unless that was begun before, and wait for none."""
        if self._fit is None:
            isolation.require_linux()
            isolation.require_proc()
            isolation.require_one_user()
            raise_open_files()
            self._fit = fitting.fit(self._asked, self.limits, room())
            self._scarce = self._fit.scarce
            self._turn_before = sys.getswitchinterval()
            sys.setswitchinterval(min(self._turn_before, _TURN_S))
            self._start(self._fit.workers)
        return self._fit

    def __enter__(self) -> Self:
        """Start all workers. Raises SandboxError where the machine refuses."""
        try:
            fit = self._begin()
            started, refusals = self._started()
        except BaseException:
            self.close()
            raise
        if not started:
            self.close()
            raise refusals[0]
        self.workers = len(started)
        notes = fit.notes
        if refusals:
            notes += (f"{self.workers} of {fit.workers} workers started: {refusals[0].message}",)
        self.conditions = replace(started[0].conditions, notes=notes)
        return self

    def _start(self, workers: int) -> None:
        """Start as many threads as can be had, at least one."""
        for index in range(workers):
            self._ready.append(Future())
            self._servers.append(_Servers(self._start_of, index, workers))
            thread = threading.Thread(target=self._work, args=(index,), name=f"grader-{index}", daemon=True)
            try:
                thread.start()
            except RuntimeError as exc:  # the limit on processes counts threads, too
                self._ready[index].set_exception(refused.explain_refusal(str(exc), self._sandbox))
                return
            self._threads.append(thread)

    def _started(self) -> tuple[list[Server], list[SandboxError]]:
        """Wait for the workers: those that are ready, and why the others are not."""
        started, refusals = [], []
        for ready in self._ready:
            try:
                started.append(ready.result())
            except SandboxError as exc:
                refusals.append(exc)
        return started, refusals

    def _note_tools(self, found: Conditions) -> None:
        """Tools are met when the first program needs them."""
        with self._changed:
            known = dict(self.conditions.toolchains) | dict(found.toolchains)
            self.conditions = replace(self.conditions, toolchains=tuple(sorted(known.items())))

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Cancel what waits, break off what runs (its future raises RuntimeError), end the workers."""
        with self._changed:
            self._closing = True
            waiting = [*self._together, *self._alone]
            self._together.clear()
            self._alone.clear()
            self._changed.notify_all()
            busy = bool(self._running)
        for entry in waiting:
            entry.future.cancel()
        if busy:
            for servers in self._servers:
                servers.break_off()
        for thread in self._threads:
            thread.join()
        if self._turn_before:
            sys.setswitchinterval(self._turn_before)
            self._turn_before = 0.0

    def submit(self, task: Task) -> "Future[Execution]":
        """Queue a task; its future holds the execution, or SandboxError."""
        entry = Queued(task)
        with self._changed:
            if self._closing:
                raise RuntimeError("the grader is closed")
            (self._alone if task.alone else self._together).append(entry)
            self._changed.notify_all()
        return entry.future

    def _work(self, index: int) -> None:
        servers = self._servers[index]
        compiled: set[str] = set()
        try:
            self._ready[index].set_result(servers.get(PLAIN))
        except BaseException as exc:
            self._ready[index].set_exception(exc)
            return
        with contextlib.closing(servers):
            while (entry := self._next(compiled)) is not None:
                compiled.add(entry.task.tests)
                try:
                    if entry.future.set_running_or_notify_cancel():
                        _settle(entry.future, servers, entry.task, self._scarce)
                finally:
                    self._done(entry)

    def _next(self, compiled: Container[str]) -> Queued | None:
        """The entry that is to run next, or None when the executor closes.

        One whose tests the worker has ``compiled`` before may go ahead of a few others; and those whose
        tests another worker is at may wait for it, or both would compile them.
        """
        with self._changed:
            while True:
                if self._together and not self._alone_running:
                    place = self._best_place(compiled)
                    entry = self._together[place]
                    del self._together[place]
                    self._running.append(entry)
                    return entry
                if self._alone and not self._running:
                    entry = self._alone.popleft()
                    self._running.append(entry)
                    self._alone_running = True
                    return entry
                if self._closing:
                    return None
                self._changed.wait()

    def _best_place(self, compiled: Container[str]) -> int:
        ahead = [entry.task.tests for entry in islice(self._together, _LOOK_AHEAD)]
        under_way = {entry.task.tests for entry in self._running}
        known = (place for place, tests in enumerate(ahead) if tests in compiled)
        nobodys = (place for place, tests in enumerate(ahead) if tests not in under_way)
        return next(chain(known, nobodys), 0)

    def _done(self, entry: Queued) -> None:
        with self._changed:
            self._running.remove(entry)
            if entry.task.alone:
                self._alone_running = False
            self._changed.notify_all()


@dataclass(frozen=True)
class _Starting:
    """How servers are started, the same for all workers."""

    sandbox: Sandbox
    limits: Limits
    interpreter: Interpreter | None
    packages: str
    note: Callable[[Conditions], None]

    def start(self, environment: str, index: int) -> Server:
        found = environment_of(environment, self.interpreter, self.packages)
        make = CommandServer if found.runs_tools else Server
        server = make(self.sandbox, self.limits, environment=found, index=index)
        if found.runs_tools:
            self.note(server.conditions)
        return server


class _Servers:
    """The fork servers of one worker: the plain one, and those of other environments once they are needed.

    A sample's processes take turns, and waking one costs less on the same processor.
    """

    def __init__(self, starting: _Starting, index: int, workers: int) -> None:
        self._starting = starting
        self.limits = starting.limits
        self._index = index
        self._processor = processor_of(index, workers)
        self._servers: dict[str, Server] = {}
        self._broken_off = False

    def get(self, environment: str) -> Server:
        if self._broken_off:
            raise RuntimeError("the grader was closed before the program had ended")
        if environment not in self._servers:
            try:
                self._servers[environment] = self._start(environment)
            except SandboxError:
                # Something may have killed it on its way, or there is no room beside the others. What the
                # machine refuses to a single one, it refuses again.
                self.close()
                self._servers = {}
                self._servers[environment] = self._start(environment)
        return self._servers[environment]

    def _start(self, environment: str) -> Server:
        with bound_to(self._processor):
            return self._starting.start(environment, self._index)

    def drop(self, environment: str) -> str:
        """End one that does not answer; its last words."""
        return self._servers.pop(environment).kill()

    def break_off(self) -> None:
        """Kill the servers under whoever is using them; called from another thread."""
        self._broken_off = True
        for server in list(self._servers.values()):
            server.break_off()

    def close(self) -> None:
        for server in self._servers.values():
            server.close()


def _settle(
    future: "Future[Execution]", servers: _Servers, task: Task, scarce: dict[VerdictClass, str]
) -> None:
    try:
        execution = _run(servers, task)
    except BaseException as exc:
        future.set_exception(exc)
    else:
        future.set_result(msgspec.structs.replace(execution, scarce=scarce) if scarce else execution)


def _run(servers: _Servers, task: Task) -> Execution:
    """Run a task; a worker that dies is replaced and the task run again, a few times.

    Of one that runs alone it is told whether the kernel killed it for want of memory that it may have.
    """
    if not task.alone:
        return _try_to_run(servers, task)
    groups, here = ControlGroups(), room()
    kills = groups.out_of_memory_kills()
    execution = _try_to_run(servers, task)
    was_killed = execution.cause == "worker" or (execution.cause, execution.status) == ("", -Signal.SIGKILL)
    if (
        was_killed
        and groups.out_of_memory_kills() > kills
        and fitting.is_short_of_memory(task.memory_mib, here)
    ):
        return msgspec.structs.replace(execution, lacked=here.memory_limit)
    return execution


def _try_to_run(servers: _Servers, task: Task) -> Execution:
    for _ in range(_ATTEMPTS):
        server = servers.get(task.environment)
        try:
            return server.run(task)
        except WorkerDiedError:
            servers.drop(task.environment)
    _require_working(servers)
    return Execution(cause="worker", status=0, cpu_limit_s=task.cpu_s)


def _require_working(servers: _Servers) -> None:
    """Raise SandboxError where the sandbox ends with a program that does nothing, too: then it is the machine
    that refuses what every program needs, and nothing can be said of any.
    """
    harmless = Task(source="", tests="", cpu_s=servers.limits.cpu_s, memory_mib=servers.limits.memory_mib)
    for _ in range(_ATTEMPTS):
        try:
            servers.get(PLAIN).run(harmless)
        except WorkerDiedError:
            last_words = servers.drop(PLAIN).strip().rpartition("\n")[2]
        else:
            return
    raise refused.explain_refusal(
        f"it ends with every program, whatever that does: {last_words}".rstrip(": ")
    )
