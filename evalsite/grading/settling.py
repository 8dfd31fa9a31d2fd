"""When is an execution's word final? What one run of a program cannot tell is asked again."""

from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import replace

import msgspec

from evalsite.errors import DatasetError
from evalsite.grading.execution import BROKEN_TESTS, Execution
from evalsite.grading.executors.base import Task
from evalsite.grading.numbers import Signal
from evalsite.grading.references import References
from evalsite.grading.verdicts import classify
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import one_line

Steps = Generator[Task, Execution, Execution]
"""Asks for tasks to be run, is sent what came of each, and returns the execution that counts."""

_WORTH_A_SECOND_RUN = frozenset({VerdictClass.TIMEOUT, VerdictClass.MEMORY_LIMIT})


def settle(task: Task, problem: Problem, references: References) -> Steps:
    """Run a program; what hits a limit runs again with what its reference solution asks for, if that is more.

    How disturbed it was is known where it runs (:mod:`evalsite.grading.inside.pace`), so that nothing has to
    wait for it. What was killed runs again alone: it may have killed itself, but so may the kernel have, for
    want of memory. Where it is the machine that gives less than a program may have, the execution says so,
    and is no word on the program. Raises :class:`DatasetError`, with the problem and the line, for tests that
    do not compile.
    """
    execution = yield from _settle(task, problem, references)
    found = classify(execution, language_of(problem).failures)
    lacked = execution.lacked or execution.scarce.get(found, "")
    return msgspec.structs.replace(execution, lacked=lacked) if lacked else execution


def _settle(task: Task, problem: Problem, references: References) -> Steps:
    first = yield task
    if first.cause == BROKEN_TESTS:
        raise _broken_tests(problem, first)
    found = classify(first, language_of(problem).failures)
    if _was_killed(first, found) or first.cause == "worker":
        return _retried((yield replace(task, alone=True)))
    if found not in _WORTH_A_SECOND_RUN or not problem.reference.strip():
        return first
    measured = yield from measure(problem, references, in_process=task.in_process)
    if measured is first:
        return first
    if task.source == problem.reference:
        return _retried(measured)
    second = references.allow(task, measured)
    memory = found is VerdictClass.MEMORY_LIMIT
    if second.memory_mib == task.memory_mib if memory else second.cpu_s == task.cpu_s:
        return first
    return _retried((yield second))


def measure(problem: Problem, references: References, *, in_process: bool) -> Steps:
    """Find out what a problem's reference solution needs: more memory, maybe, where it meets that limit.

    One that comes to no end is no measure, and would come to none with more memory or a second time.
    """
    found = yield references.trial(problem, in_process=in_process)
    if classify(found, language_of(problem).failures) is VerdictClass.MEMORY_LIMIT:
        found = yield references.measurement(problem, in_process=in_process)
    return found


def _broken_tests(problem: Problem, found: Execution) -> DatasetError:
    report = found.report
    where = f", line {report.line}," if report and report.line else ""
    why = f": {report.exception}: {report.message}" if report else ""
    return DatasetError(
        f"{one_line(problem.task_id)}: its tests{where} do not compile{why}",
        hint="Mend the problem, or take it out.",
    )


def carry_out(
    steps: Steps, submit: "Callable[[Task], Future[Execution]]", settled: "Future[Execution]"
) -> None:
    """Take the steps one after the other, each in the thread in which the one before it ended.

    ``settled`` holds what they return, or what went wrong. Nobody waits meanwhile: a program that is to run
    alone may have to wait for all others.
    """

    def go_on(done: "Future[Execution] | None") -> None:
        try:
            task = next(steps) if done is None else steps.send(done.result())
            submit(task).add_done_callback(go_on)
        except StopIteration as end:
            settled.set_result(end.value)
        except BaseException as exc:
            settled.set_exception(exc)

    go_on(None)


def _was_killed(execution: Execution, found: VerdictClass) -> bool:
    """Whether a signal that nobody can catch ended it, and no limit explains it."""
    killed = not execution.cause and execution.status == -Signal.SIGKILL
    return killed and found is VerdictClass.CRASHED


def _retried(execution: Execution) -> Execution:
    return msgspec.structs.replace(execution, retried=True)
