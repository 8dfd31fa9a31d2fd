"""What the problems' reference solutions need, measured only where a program hit a limit."""

import threading
from concurrent.futures import Future
from dataclasses import replace

from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Executor, Task
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Limits, Problem

_CPU_FACTOR, _MOST_CPU_S = 30.0, 100.0
"""Times the limit on CPU time, and seconds: a reference solution that needs longer is taken to be wrong."""
_MOST_MEMORY = 4
"""Times the memory limit; a reference solution that needs more is not measured."""
_MEMORY = 1.5
"""Times the memory that the reference solution needs, where that is more than the limit."""


class References:
    """Makes tasks, with the limits that their problems' reference solutions have been found to need."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._measured: dict[Task, Future[Execution]] = {}
        self._lock = threading.Lock()

    def task(self, source: str, problem: Problem, *, in_process: bool = False) -> Task:
        """A program for a problem as a task, with the limits that are known for it so far."""
        task = _task(source, problem, self._executor, in_process)
        if self._measured:
            for found in (self.trial, self.measurement):
                task = self._allow_known(task, found(problem, in_process=in_process))
        return task

    def trial(self, problem: Problem, *, in_process: bool = False) -> Task:
        """The reference solution as a task of its own that everybody shares; it may take its time at once."""
        task = _task(problem.reference, problem, self._executor, in_process)
        return replace(task, cpu_s=max(task.cpu_s, reference_cpu_s(self._executor.limits)), shared=True)

    def measurement(self, problem: Problem, *, in_process: bool) -> Task:
        """The same with room, for a reference solution that has met the memory limit."""
        most = _MOST_MEMORY * self._executor.limits.memory_mib
        return replace(self.trial(problem, in_process=in_process), memory_mib=most)

    def allow(self, task: Task, reference: Execution) -> Task:
        """The task with what its reference solution needs, where that is more than the task may use."""
        if not reference.proven:
            return task
        return replace(
            task,
            cpu_s=max(task.cpu_s, self._executor.limits.reference_factor * reference.cpu_s),
            memory_mib=max(task.memory_mib, int(_MEMORY * (reference.peak_mib or 0))),
        )

    def _allow_known(self, task: Task, shared: Task) -> Task:
        measured = self._measured.get(shared)
        if measured is None or not measured.done() or measured.cancelled() or measured.exception():
            return task
        return self.allow(task, measured.result())

    def submit(self, task: Task) -> "Future[Execution]":
        """Let the executor run a task: one that is shared once, whoever asks."""
        if not task.shared:
            return self._executor.submit(task)
        with self._lock:
            if task not in self._measured:
                self._measured[task] = self._executor.submit(task)
            return self._measured[task]


def reference_cpu_s(limits: Limits) -> float:
    """Seconds of CPU time that a reference solution may use; one that needs more is run no second time."""
    return max(limits.cpu_s, min(_CPU_FACTOR * limits.cpu_s, _MOST_CPU_S))


def _task(source: str, problem: Problem, executor: Executor, in_process: bool) -> Task:
    running, limits = language_of(problem).running, executor.limits
    kind = kind_of(problem)
    judging = kind.judging(problem)
    source, reference = kind.source_of(problem, source), kind.source_of(problem, problem.reference)
    return Task(
        source=source,
        tests=judging.tests,
        run_as=judging.run_as,
        prelude=judging.prelude,
        own_names=running.own_names(reference, problem.entry_point),
        shared_names=running.shared_names(reference),
        entry_function=running.entry_function(reference, problem.entry_point),
        in_process=in_process or judging.in_process,
        asks_reference=judging.asks_reference,
        cpu_s=limits.cpu_s * judging.cpu_factor,
        memory_mib=limits.memory_mib,
        environment=running.environment(source, judging.tests, executor.conditions.preload),
    )
