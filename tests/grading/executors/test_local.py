"""Workers and their fork servers: who runs what, and what becomes of those that die."""

import signal
import sys
import threading
import time

import pytest

from evalsite.errors import SandboxError
from evalsite.grading.engine import Grader
from evalsite.grading.executors import local
from evalsite.grading.executors.base import Conditions, Task
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits
from tests.grading.executors.helpers import signal_all
from tests.grading.helpers import QUICK, SLOW, WRONG, Offspring, make_job, verdict_of

pytestmark = pytest.mark.sandbox


def test_what_runs_alone_runs_while_nothing_else_does():
    """A task that is to run alone waits for the others, and the others for it."""
    running, most = 0, []
    lock = threading.Lock()

    class Counting:
        conditions = Conditions()

        def __init__(self, *args, **kwargs):
            pass

        def run(self, task):
            nonlocal running
            with lock:
                running += 1
            time.sleep(0.02)
            with lock:
                most.append((task.alone, running))
                running -= 1
            return local.Execution(proven=True)

        def close(self):
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "Server", Counting)
        with local.LocalExecutor(QUICK, sandbox="process", workers=3) as workers:
            tasks = [Task(source="", tests="", cpu_s=1, memory_mib=1, alone=n % 3 == 0) for n in range(12)]
            for future in [workers.submit(task) for task in tasks]:
                future.result()
    assert [count for alone, count in most if alone] == [1, 1, 1, 1]
    assert max(count for _, count in most) > 1


def test_a_killed_fork_server_is_replaced_and_its_sample_graded():
    """The sample runs again from the beginning, and is not blamed."""
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert verdict_of(grader).verdict == "passed"
        slow = grader.submit(make_job(SLOW.format(seconds=0.2)))
        time.sleep(0.2)
        signal_all(reversed(offspring()), signal.SIGKILL)
        assert slow.result().verdict == "passed"
        assert verdict_of(grader, WRONG).verdict == "wrong_answer"


def test_a_worker_prefers_tests_that_it_has_compiled_but_nobody_waits_for_long():
    """What it knows goes ahead of a few others; then it is the first one's turn."""
    waiting = local.LocalExecutor(QUICK, sandbox="process", workers=1)
    for tests in ("a", "b", "a", *["b"] * 10, "a"):
        waiting.submit(Task(source="", tests=tests, cpu_s=1, memory_mib=1))
    taken = [waiting._next({"a"}).task.tests for _ in range(4)]
    assert taken == ["a", "a", "b", "b"]


def test_no_two_workers_compile_the_same_tests_while_there_are_others():
    """A problem's reference and stub stand side by side; the second worker begins with the next problem."""
    waiting = local.LocalExecutor(QUICK, sandbox="process", workers=2)
    for tests in ("a", "a", "b", "b"):
        waiting.submit(Task(source="", tests=tests, cpu_s=1, memory_mib=1))
    first = waiting._next(())
    assert [first.task.tests, waiting._next(()).task.tests] == ["a", "b"]
    assert waiting._next({"a"}).task.tests == "a", "who has compiled them goes on with them"
    waiting._done(first)
    assert waiting._next(()).task.tests == "b", "nothing waits where nothing else is to be done"


def test_leaving_early_cancels_what_waits_and_leaves_nothing_behind():
    """Every future ends; no process stays."""
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        futures = [grader.submit(make_job(SLOW.format(seconds=0.2) + f"# {n}", sample=n)) for n in range(50)]
    assert all(future.done() for future in futures)
    assert offspring() == []


def test_closing_does_not_wait_for_what_runs():
    """An interrupt is not to wait for a program that sleeps."""
    with Grader(LocalExecutor(Limits(), workers=1)) as grader:
        assert verdict_of(grader).verdict == "passed"
        sleeping = grader.submit(make_job("import time\ntime.sleep(3600)"))
        time.sleep(0.1)
    with pytest.raises(RuntimeError, match="closed"):
        sleeping.result()


def test_sandboxes_start_beside_what_their_user_does_first():
    """Who enters has them whole, and leaves nothing behind."""
    offspring = Offspring()
    grader = Grader(LocalExecutor(QUICK, workers=2))
    job = make_job()
    with grader.begun():
        with grader:
            assert offspring() != []
            assert grader.submit(job).result().verdict == "passed"
        assert offspring() == []
    assert offspring() == []


def test_what_was_begun_and_is_not_entered_ends():
    """Whatever went wrong meanwhile is told, and of the sandboxes nothing."""
    offspring = Offspring()
    grader = Grader(LocalExecutor(QUICK, workers=2))
    with pytest.raises(ValueError, match="of the file"), grader.begun():
        raise ValueError("of the file")
    assert offspring() == []
    with pytest.raises(RuntimeError, match="closed"):
        grader.submit(make_job()).result()


def test_what_the_machine_refuses_is_told_when_it_is_entered():
    """A file that cannot be read is to be told first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local.isolation, "require_proc", lambda: refuse("no /proc"))
        executor = LocalExecutor(QUICK, workers=1)
        with executor.begun():
            with pytest.raises(SandboxError, match="no /proc"):
                executor.__enter__()


def refuse(why):
    raise SandboxError(why, hint="")


def test_workers_get_the_interpreter_soon_and_everybody_has_it_back():
    """Else their sandboxes idle while answers are read."""
    before = sys.getswitchinterval()
    with LocalExecutor(QUICK, sandbox="process", workers=1):
        assert sys.getswitchinterval() == pytest.approx(min(before, 0.0005))
    assert sys.getswitchinterval() == pytest.approx(before)
