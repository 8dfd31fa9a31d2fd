"""Programs in, verdicts out: the grader, which shares no state with whoever uses it."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from queue import SimpleQueue
from typing import Self

from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Conditions, Executor
from evalsite.grading.executors.idle import IdleExecutor
from evalsite.grading.in_process import settle_anywhere
from evalsite.grading.references import References, reference_cpu_s
from evalsite.grading.settling import carry_out
from evalsite.grading.verdicts import Ungraded, judge, no_code, of_turns
from evalsite.kinds import kind_of
from evalsite.rundir.schema import Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass

_IN_FLIGHT_EACH = 128
"""So many that batches for other machines fill up; each is a program and its problem, some kilobytes."""
_REMEMBERED = 4096
"""Executions that later samples can share. Samples of a problem come close together; memory stays flat."""


@dataclass(frozen=True)
class Job:
    """A program and the problem that it is to solve."""

    program: Program
    problem: Problem
    again: Program | None = None
    """The program of a second answer, which counts where the first one fails."""


class Grader:
    """Grades programs with what an executor says of them; a context manager that enters and leaves it.

    With ``dedupe``, identical programs for one problem are executed once, and later ones share the verdict.
    Raises SandboxError on entry where this machine cannot run code safely.
    """

    def __init__(self, executor: Executor, *, dedupe: bool = True) -> None:
        self.dedupe = dedupe
        self._executor = executor
        self._references = References(executor)
        self._known: OrderedDict[bytes, tuple[int, Future[Execution]]] = OrderedDict()
        self._lock = threading.Lock()

    def expect(self, problems: Iterable[Problem]) -> None:
        """Say what will be graded, before entering: where nothing of that is run, no sandbox is started."""
        if not any(kind_of(problem).runs for problem in problems):
            self._executor = IdleExecutor(self._executor.limits)

    @property
    def runs_nothing(self) -> bool:
        """Whether no program will be run."""
        return isinstance(self._executor, IdleExecutor)

    def begun(self) -> AbstractContextManager[None]:
        """Let what runs programs start beside what is done within, before the grader is entered there; it
        ends with leaving, entered or not.
        """
        return self._executor.begun()

    def __enter__(self) -> Self:
        self._executor.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._executor.__exit__(*exc_info)

    @property
    def conditions(self) -> Conditions:
        """What programs run under: the isolation layers in force, and the interpreter."""
        return self._executor.conditions

    @property
    def reference_cpu_s(self) -> float:
        """Seconds of CPU time after which a reference solution is taken to come to no end."""
        return reference_cpu_s(self._executor.limits)

    def submit(self, job: Job) -> "Future[Verdict | Ungraded]":
        """Grade one program; the future holds its verdict or why it has none here, or SandboxError. May be
        called from any thread.
        """
        first = self._submit(job)
        return first if job.again is None else self._submit_again(job, job.again, first)

    def _submit_again(
        self, job: Job, again: Program, first: "Future[Verdict | Ungraded]"
    ) -> "Future[Verdict | Ungraded]":
        """Grade what a second answer made, where the first one fails; the verdict tells of both."""
        settled: Future[Verdict | Ungraded] = Future()

        def second(done: "Future[Verdict | Ungraded]", before: Verdict) -> None:
            try:
                settled.set_result(of_turns(before, done.result()))
            except BaseException as exc:
                settled.set_exception(exc)

        def go_on(done: "Future[Verdict | Ungraded]") -> None:
            try:
                found = done.result()
                if isinstance(found, Ungraded) or found.verdict is VerdictClass.PASSED:
                    settled.set_result(found)
                else:
                    job_of_second = Job(again, job.problem)
                    self._submit(job_of_second).add_done_callback(lambda done: second(done, found))
            except BaseException as exc:
                settled.set_exception(exc)

        first.add_done_callback(go_on)
        return settled

    def _submit(self, job: Job) -> "Future[Verdict | Ungraded]":
        verdict: Future[Verdict | Ungraded] = Future()
        verdict.set_running_or_notify_cancel()
        if not (kind := kind_of(job.problem)).runs:
            verdict.set_result(kind.judge(job.problem, job.program))
            return verdict
        if not job.program.source.strip():
            verdict.set_result(no_code(job.program, job.problem))
            return verdict
        execution, shared_with = self._execution(job)

        def finish(done: "Future[Execution]") -> None:
            try:
                verdict.set_result(_judged(job, done.result(), shared_with))
            except BaseException as exc:
                verdict.set_exception(exc)

        execution.add_done_callback(finish)
        return verdict

    def grade(self, jobs: Iterable[Job]) -> Iterator[Verdict | Ungraded]:
        """Grade many programs; verdicts come as they end, in no order. ``jobs`` is read as far as needed."""
        done: SimpleQueue[Future[Verdict | Ungraded]] = SimpleQueue()
        in_flight = 0
        for job in jobs:
            self.submit(job).add_done_callback(done.put)
            in_flight += 1
            if in_flight >= self._executor.workers * _IN_FLIGHT_EACH:
                yield done.get().result()
                in_flight -= 1
        for _ in range(in_flight):
            yield done.get().result()

    def _execution(self, job: Job) -> "tuple[Future[Execution], int | None]":
        """The execution of a program, which may be yet to come, and the sample it is shared with."""
        execution: Future[Execution] = Future()
        if self.dedupe:
            key = _key(job.problem) + _digest(job.program.source)
            with self._lock:
                if key in self._known:
                    first, known = self._known[key]
                    return known, first if first >= 0 else None  # an agent has tested it; no sample has
                self._known[key] = (job.program.sample, execution)
                if len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        if self.dedupe and job.program.source == job.problem.reference:
            task = self._references.trial(job.problem)  # whoever fails asks for it, too
        else:
            task = self._references.task(job.program.source, job.problem)
        steps = settle_anywhere(task, job.problem, self._references)
        carry_out(steps, self._references.submit, execution)
        return execution, None


def _judged(job: Job, execution: Execution, shared_with: int | None) -> Verdict | Ungraded:
    if execution.lacked:
        return Ungraded(job.problem.task_id, job.program.sample, execution.lacked)
    return judge(job.program, job.problem, execution, shared_with=shared_with)


def _key(problem: Problem) -> bytes:
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
