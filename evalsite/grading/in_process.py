"""The few problems whose tests can't use a program from another process: they share one with it.

Tests and program talk by messages (:mod:`evalsite.grading.inside`), and what honest tests may do to a program
is more than messages say. A problem is such a one where its reference solution fails in two processes and
passes in one, and nothing that a program does can make it one. Its verdicts say so, since whoever shares a
process with tests can change them.
"""

import msgspec

from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Task
from evalsite.grading.references import References
from evalsite.grading.settling import Steps, measure, settle
from evalsite.grading.verdicts import classify
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem
from evalsite.rundir.taxonomy import VerdictClass

_DOUBTED = frozenset(
    {
        VerdictClass.WRONG_ANSWER,
        VerdictClass.RUNTIME_ERROR,
        VerdictClass.MISSING_MODULE,
        VerdictClass.MEMORY_LIMIT,
        VerdictClass.TIMEOUT,
    }
)
"""What a right program could come to where messages do not say enough."""


def settle_anywhere(task: Task, problem: Problem, references: References) -> Steps:
    """Run a program beside its tests; with them, where the reference shows that there is no other way.

    The reference is asked once for each problem, and only where a program fails.
    """
    found = yield from settle(task, problem, references)
    if task.in_process:
        return msgspec.structs.replace(found, in_process=True)
    if language_of(problem).toolchain is not None:
        return found  # tools run both together
    if found.lacked or _class_of(found, problem) not in _DOUBTED or not problem.reference.strip():
        return found
    apart = found
    if task.source != problem.reference:
        apart = yield from measure(problem, references, in_process=False)
    if _passes(apart) or _class_of(apart, problem) is VerdictClass.TIMEOUT:
        return found  # a reference that comes to no end is not waited for elsewhere, too
    if not _passes((yield from measure(problem, references, in_process=True))):
        return found
    if task.shared:
        together = references.trial(problem, in_process=True)  # the run that has just shown it
    else:
        together = references.task(task.source, problem, in_process=True)
    return msgspec.structs.replace((yield from settle(together, problem, references)), in_process=True)


def _passes(found: Execution) -> bool:
    return found.proven and found.status == 0


def _class_of(execution: Execution, problem: Problem) -> VerdictClass:
    return classify(execution, language_of(problem).failures)
