"""Which execution counts: told without a sandbox, by saying what each run of a program came to."""

from concurrent.futures import Future

import pytest
from msgspec import structs

from evalsite.grading.engine import Grader, Job
from evalsite.grading.execution import Execution, Report
from evalsite.grading.executors.base import Conditions
from evalsite.grading.numbers import Signal
from evalsite.grading.references import References
from evalsite.grading.settling import carry_out, settle
from evalsite.rundir.schema import Program
from tests.grading.helpers import QUICK, RIGHT, WRONG
from tests.make import make_problem


def raised(exception):
    """The report of an exception."""
    return Report(stage="run", exception=exception, errno=None, message="", line=None, left_out=0, frames=())


PASSED = Execution(proven=True, cpu_s=0.4, peak_mib=20.0)
FAILED = Execution(status=1, report=raised("NameError"))
TIMEOUT = Execution(cause="cpu", status=-Signal.SIGKILL, cpu_s=1.0)
MEMORY = Execution(status=1, report=raised("MemoryError"))
KILLED = Execution(status=-Signal.SIGKILL)
PROBLEM = make_problem()


class Scripted:
    """Says of one task after the other what it is told to say, at once; remembers what it was asked."""

    limits, workers, conditions = QUICK, 1, Conditions()

    def __init__(self, *executions):
        self.executions = list(executions)
        self.asked = []

    def submit(self, task):
        self.asked.append(task)
        future = Future()
        future.set_result(self.executions.pop(0))
        return future


def settled(*executions, source=WRONG, problem=PROBLEM, references=None, in_process=False):
    """What counts in the end, and the tasks that were asked for on the way."""
    references = references or References(Scripted())
    steps = settle(references.task(source, problem, in_process=in_process), problem, references)
    asked = [next(steps)]
    for execution in executions:
        try:
            asked.append(steps.send(execution))
        except StopIteration as end:
            assert execution is executions[-1]
            return end.value, asked
    raise AssertionError(f"it asks for more: {asked[-1]}")


@pytest.mark.parametrize("first", [PASSED, FAILED, Execution(cause="output"), Execution(status=3)])
def test_most_executions_count_as_they_are(first):
    """Right or wrong, nothing would come out otherwise."""
    counts, asked = settled(first)
    assert counts is first
    assert [task.alone for task in asked] == [False]


def test_what_was_killed_runs_again_alone():
    """And then counts, whatever it came to."""
    counts, asked = settled(KILLED, PASSED)
    assert (counts.proven, counts.retried) == (True, True)
    assert [task.alone for task in asked] == [False, True]
    assert settled(KILLED, KILLED)[0].retried


def test_a_timeout_runs_again_with_what_the_reference_needs():
    """Four times its CPU time, where that is more than the limit; nobody waits for either."""
    counts, asked = settled(TIMEOUT, PASSED, PASSED)
    assert counts.retried
    program, reference, again = asked
    assert (program.cpu_s, program.alone, program.shared) == (1.0, False, False)
    assert (reference.source, reference.alone, reference.shared) == (RIGHT, False, True)
    assert reference.cpu_s == 30 * program.cpu_s
    assert (again.source, again.cpu_s, again.alone) == (WRONG, pytest.approx(1.6), False)


@pytest.mark.parametrize("reference", [FAILED, Execution(proven=True, cpu_s=0.1)])
def test_a_timeout_counts_at_once_where_the_reference_needs_no_more(reference):
    """Or where what it needs is not known, since it fails."""
    counts, asked = settled(TIMEOUT, reference)
    assert counts is TIMEOUT
    assert len(asked) == 2


def test_the_memory_limit_counts_at_once_where_the_reference_keeps_to_it():
    """More cannot come of it; where the reference needs more, so may the program."""
    counts, asked = settled(MEMORY, PASSED)
    assert counts is MEMORY
    assert len(asked) == 2
    hungry = Execution(proven=True, peak_mib=400.0)
    counts, asked = settled(MEMORY, hungry, PASSED)
    assert counts.retried
    assert asked[2].memory_mib == 600


def test_the_reference_itself_counts_as_measured():
    """It is not run a third time."""
    counts, asked = settled(TIMEOUT, PASSED, source=RIGHT)
    assert (counts.proven, counts.retried, len(asked)) == (True, True, 2)


@pytest.mark.parametrize("first", [TIMEOUT, MEMORY])
def test_what_shares_a_process_with_its_tests_is_measured_there(first):
    """What the reference needs beside its tests may be less, or it may fail there."""
    counts, asked = settled(first, PASSED, source=RIGHT, in_process=True)
    assert (counts.proven, [task.in_process for task in asked]) == (True, [True, True])


def test_steps_are_carried_out_one_after_the_other():
    """By an executor; a measurement once, and then its limits hold from the beginning."""
    slow = Execution(proven=True, cpu_s=0.5)
    executor = Scripted(TIMEOUT, slow, PASSED, TIMEOUT)
    references = References(executor)
    for source, proven in ((WRONG, True), (WRONG + "# another", False)):
        execution = Future()
        steps = settle(references.task(source, PROBLEM), PROBLEM, references)
        carry_out(steps, references.submit, execution)
        assert execution.result(0).proven is proven
    assert [task.cpu_s for task in executor.asked] == [1.0, 30.0, 2.0, 2.0]


@pytest.mark.parametrize(("limit", "most"), [(0.1, 3.0), (1.0, 30.0), (5.0, 100.0), (200.0, 200.0)])
def test_a_reference_without_end_is_run_once_with_a_limit_of_its_own(limit, most):
    """Neither with more memory nor beside its tests; whoever fails asks it, and then counts at once."""
    executor = Scripted(TIMEOUT, TIMEOUT, FAILED)
    executor.limits = structs.replace(QUICK, cpu_s=limit)
    grader = Grader(executor)
    for source in (RIGHT, WRONG, WRONG + "# raises"):
        program = Program(problem=PROBLEM.task_id, sample=0, source=source, rule="given")
        verdict = grader.submit(Job(program, PROBLEM)).result(0)
        assert (verdict.verdict == "passed", verdict.retried) == (False, False)
    assert [(task.source, task.cpu_s) for task in executor.asked] == [
        (RIGHT, most),
        (WRONG, limit),
        (WRONG + "# raises", limit),
    ]
    assert grader.reference_cpu_s == most
    assert not any(task.in_process for task in executor.asked)


def test_a_reference_that_grows_without_end_is_measured_once_with_more_memory():
    """Its time is bounded there, too."""
    executor = Scripted(MEMORY, TIMEOUT)
    program = Program(problem=PROBLEM.task_id, sample=0, source=RIGHT, rule="given")
    verdict = Grader(executor).submit(Job(program, PROBLEM)).result(0)
    assert verdict.verdict == "timeout"
    assert [task.memory_mib for task in executor.asked] == [QUICK.memory_mib, 4 * QUICK.memory_mib]


def test_what_goes_wrong_on_the_way_is_passed_on():
    """A closed executor, or a sandbox that does not work."""
    for fails in (refusing, failing):
        execution = Future()
        references = References(Scripted())
        carry_out(settle(references.task(WRONG, PROBLEM), PROBLEM, references), fails, execution)
        with pytest.raises(RuntimeError, match="closed"):
            execution.result(0)


def refusing(task):
    raise RuntimeError("closed")


def failing(task):
    future = Future()
    future.set_exception(RuntimeError("closed"))
    return future
