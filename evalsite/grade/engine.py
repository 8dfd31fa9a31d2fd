"""Programs in, verdicts out: the grader, which shares no state with whoever uses it."""

import builtins
import functools
import re
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from evalsite.grade.execution import Execution
from evalsite.grade.executors.local import Pool, Task
from evalsite.grade.isolation import Sandbox
from evalsite.grade.verdicts import classify, judge, no_code
from evalsite.machine import usable_cpus
from evalsite.rundir.schema import Limits, Problem, Program, Verdict, VerdictClass

T = TypeVar("T")

_REFERENCE_CPU_S = 600.0
"""A reference solution that needs longer is taken to be wrong."""
_REFERENCE_MOST_MEMORY = 4
"""Times the memory limit; a reference solution that needs more is not measured."""
_REFERENCE_MEMORY = 1.5
"""Times the memory that the reference solution needs, where that is more than the limit."""
_WORTH_A_SECOND_RUN = frozenset({VerdictClass.TIMEOUT, VerdictClass.MEMORY_LIMIT})
_IN_FLIGHT_EACH = 16
_REMEMBERED = 4096
"""Executions that later samples can share. Samples of a problem come close together; memory stays flat."""
_NUMPY = re.compile(r"^\s*(?:import|from)\s+numpy\b", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """A program and the problem that it is to solve."""

    program: Program
    problem: Problem


@dataclass(frozen=True)
class PreflightFailure:
    """A reference solution that fails, or a stub that passes, on this machine with these limits."""

    problem: str
    kind: str
    """``reference`` or ``stub``."""
    verdict: Verdict


@dataclass(frozen=True)
class PreflightReport:
    """Whether verdicts of this machine can be trusted."""

    num_problems: int
    failures: tuple[PreflightFailure, ...]

    @property
    def sound(self) -> bool:
        """No stub passes, and at most one reference in fifty fails (data sets have wrong ones), or one if
        there are fewer.
        """
        wrong = sum(failure.kind == "reference" for failure in self.failures)
        return wrong == len(self.failures) and (
            not wrong or wrong <= max(self.num_problems // 50, 1) < self.num_problems
        )


class Grader:
    """Grades programs in the sandbox; a context manager.

    ``workers`` defaults to the number of processors this process may use. With ``dedupe``, identical
    programs for one problem are executed once, and later ones share the verdict. Raises SandboxError on
    entry where this machine cannot run code safely.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        sandbox: Sandbox = "bubblewrap",
        workers: int | None = None,
        dedupe: bool = True,
    ) -> None:
        self.limits = limits
        self.dedupe = dedupe
        self.workers = workers or usable_cpus()
        self._pool = Pool(sandbox, limits, self.workers)
        self._references = _References(self._pool, limits)
        self._known: OrderedDict[bytes, tuple[int, Future[Execution]]] = OrderedDict()
        self._lock = threading.Lock()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._pool)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The isolation layers in force."""
        return self._pool.layers

    @property
    def python(self) -> str:
        """Version of the interpreter inside the sandbox."""
        return self._pool.python

    def submit(self, job: Job) -> "Future[Verdict]":
        """Grade one program; the future holds its verdict, or SandboxError. May be called from any thread."""
        verdict: Future[Verdict] = Future()
        verdict.set_running_or_notify_cancel()
        if not job.program.source.strip():
            verdict.set_result(no_code(job.program))
            return verdict
        execution, shared_with = self._execution(job)

        def finish(done: "Future[Execution]") -> None:
            try:
                verdict.set_result(judge(job.program, job.problem, done.result(), shared_with=shared_with))
            except BaseException as exc:
                verdict.set_exception(exc)

        execution.add_done_callback(finish)
        return verdict

    def grade(self, jobs: Iterable[Job]) -> Iterator[Verdict]:
        """Grade many programs; verdicts come as they end, in no order. ``jobs`` is read as far as needed."""
        done: SimpleQueue[Future[Verdict]] = SimpleQueue()
        in_flight = 0
        for job in jobs:
            self.submit(job).add_done_callback(done.put)
            in_flight += 1
            if in_flight >= self.workers * _IN_FLIGHT_EACH:
                yield done.get().result()
                in_flight -= 1
        for _ in range(in_flight):
            yield done.get().result()

    def preflight(self, problems: Iterable[Problem]) -> PreflightReport:
        """Grade every problem's reference solution, which is to pass, and a stub, which is to fail."""
        pairs = [(job, kind) for problem in problems for job, kind in _preflight_jobs(problem)]
        futures = [(self.submit(job), kind) for job, kind in pairs]
        failures = []
        for future, kind in futures:
            verdict = future.result()
            if (verdict.verdict is VerdictClass.PASSED) != (kind == "reference"):
                failures.append(PreflightFailure(verdict.problem, kind, verdict))
        return PreflightReport(len(pairs) // 2, tuple(failures))

    def _execution(self, job: Job) -> "tuple[Future[Execution], int | None]":
        """The future execution of a program, and the sample it is shared with."""
        if not self.dedupe:
            return self._run(job), None
        key = _problem_key(job.problem) + _digest(job.program.source)
        with self._lock:
            if key in self._known:
                first, execution = self._known[key]
                return execution, first
            execution = Future()
            self._known[key] = (job.program.sample, execution)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._run(job).add_done_callback(lambda done: _pass_on(done, execution))
        return execution, None

    def _run(self, job: Job) -> "Future[Execution]":
        """Execute a program; what hits the time limit is executed again alone, with what the reference asks
        for.

        So is what hits the memory limit, if the reference itself needs more than the limit, and what was
        killed: it may have killed itself, but so may the kernel have, for want of memory.
        """
        settled: Future[Execution] = Future()
        problem = job.problem
        task = self._references.task(job.program.source, problem)

        def first(done: "Future[Execution]") -> None:
            if not _succeeded(done):
                _pass_on(done, settled)
            elif _was_killed(done.result()):
                once_more(replace(task, alone=True))
            elif classify(done.result()) not in _WORTH_A_SECOND_RUN:
                _pass_on(done, settled)
            else:
                _follow(self._references.measure, problem, lambda reference: again(done, reference), settled)

        def again(done: "Future[Execution]", reference: "Future[Execution]") -> None:
            if task.source == problem.reference and _succeeded(reference):
                _pass_on(reference, settled, retried=True)
                return
            second = replace(self._references.task(task.source, problem), alone=True)
            if classify(done.result()) is VerdictClass.MEMORY_LIMIT and second.memory_mib == task.memory_mib:
                _pass_on(done, settled)
            else:
                once_more(second)

        def once_more(second: Task) -> None:
            _follow(self._pool.submit, second, lambda last: _pass_on(last, settled, retried=True), settled)

        _follow(self._pool.submit, task, first, settled)
        return settled


class _References:
    """What the problems' reference solutions need, measured alone, and only where a program hit a limit."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._limits = limits
        self._measured: dict[bytes, Future[Execution]] = {}
        self._lock = threading.Lock()

    def task(self, source: str, problem: Problem) -> Task:
        """A program for a problem as a task, with the limits that are known for it so far."""
        task = Task(
            source=source,
            tests=problem.tests,
            own_names=own_names(problem.reference, problem.entry_point),
            cpu_s=self._limits.cpu_s,
            memory_mib=self._limits.memory_mib,
            numpy=needs_numpy(source, problem.tests),
        )
        measured = self._measured.get(_problem_key(problem))
        if measured is None or not _succeeded(measured) or not measured.result().proven:
            return task
        reference = measured.result()
        return replace(
            task,
            cpu_s=max(task.cpu_s, self._limits.reference_factor * reference.cpu_s),
            memory_mib=max(task.memory_mib, int(_REFERENCE_MEMORY * (reference.peak_mib or 0))),
        )

    def measure(self, problem: Problem) -> "Future[Execution]":
        """Run the reference solution alone, once; later calls give the same future."""
        with self._lock:
            key = _problem_key(problem)
            if key not in self._measured:
                task = replace(
                    self.task(problem.reference, problem),
                    cpu_s=_REFERENCE_CPU_S,
                    memory_mib=_REFERENCE_MOST_MEMORY * self._limits.memory_mib,
                    alone=True,
                )
                self._measured[key] = self._pool.submit(task)
            return self._measured[key]


@functools.lru_cache(maxsize=2048)
def own_names(reference: str, entry_point: str) -> tuple[str, ...]:
    """Names of built-ins that a right program defines itself, so that its tests mean the program's."""
    names = {entry_point}
    names.update(re.findall(r"^(?:def|class)\s+(\w+)", reference, re.MULTILINE))
    names.update(re.findall(r"^(\w+)\s*=", reference, re.MULTILINE))
    return tuple(sorted(name for name in names if hasattr(builtins, name)))


def needs_numpy(source: str, tests: str) -> bool:
    """Whether a program or its tests import numpy."""
    return bool(_NUMPY.search(source)) or _imports_numpy(tests)


@functools.lru_cache(maxsize=4096)
def _imports_numpy(tests: str) -> bool:
    return bool(_NUMPY.search(tests))


def stub(problem: Problem) -> str:
    """A program that defines what is asked for and does not do it.

    It raises rather than returning None, which is the right answer to all tests of a few problems.
    """
    if not problem.entry_point.isidentifier():
        return "raise NotImplementedError\n"
    return f"def {problem.entry_point}(*arguments, **options):\n    raise NotImplementedError\n"


def _preflight_jobs(problem: Problem) -> list[tuple[Job, str]]:
    return [
        (Job(Program(problem=problem.task_id, sample=sample, source=source, rule="preflight"), problem), kind)
        for sample, (source, kind) in enumerate([(problem.reference, "reference"), (stub(problem), "stub")])
    ]


def _problem_key(problem: Problem) -> bytes:
    return _texts_key(problem.task_id, problem.tests, problem.reference)


@functools.lru_cache(maxsize=4096)
def _texts_key(*texts: str) -> bytes:
    return _digest(*texts)


def _digest(*texts: str) -> bytes:
    state = blake2b(digest_size=20)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big") + data)
    return state.digest()


def _was_killed(execution: Execution) -> bool:
    """Whether a signal that nobody can catch ended it, and no limit explains it."""
    return (
        not execution.cause
        and execution.status == -signal.SIGKILL
        and classify(execution) is VerdictClass.CRASHED
    )


def _succeeded(future: "Future[Execution]") -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _follow(
    begin: "Callable[[T], Future[Execution]]",
    argument: T,
    then: "Callable[[Future[Execution]], None]",
    settled: "Future[Execution]",
) -> None:
    """Begin the next step and say what follows it; a step that can't begin (the grader is closing) settles
    the matter.
    """
    try:
        step = begin(argument)
    except RuntimeError as exc:
        settled.set_exception(exc)
    else:
        step.add_done_callback(then)


def _pass_on(done: "Future[Execution]", target: "Future[Execution]", *, retried: bool = False) -> None:
    try:
        execution = done.result()
    except BaseException as exc:
        target.set_exception(exc)
    else:
        target.set_result(msgspec.structs.replace(execution, retried=True) if retried else execution)
