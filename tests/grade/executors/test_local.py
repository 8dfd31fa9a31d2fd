"""Workers and their fork servers: who runs what, and what becomes of those that die."""

import contextlib
import os
import signal
import threading
import time

import pytest

from evalsite.errors import SandboxError
from evalsite.grade import isolation
from evalsite.grade.engine import Grader
from evalsite.grade.executors import local, server
from evalsite.grade.executors.base import Conditions, Task
from evalsite.grade.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits
from tests.grade.helpers import QUICK, RIGHT, SLOW, WRONG, Offspring, make_job, verdict_of

pytestmark = pytest.mark.sandbox


def signal_all(pids, number):
    """Send a signal to processes, some of which may have ended since they were listed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


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


def test_a_fork_server_killed_on_its_way_is_started_again(monkeypatch):
    """Once; what the machine itself refuses, it refuses again, and then it is said."""
    found, killed = isolation.command, [True, False, True, True]
    monkeypatch.setattr(
        isolation, "command", lambda *args, **kept: ["false"] if killed.pop(0) else found(*args, **kept)
    )
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert verdict_of(grader).verdict == "passed"
    with pytest.raises(SandboxError, match="does not start"), Grader(LocalExecutor(QUICK, workers=1)):
        pass
    assert killed == []


def test_a_wedged_fork_server_is_replaced(monkeypatch):
    """A server that does not answer in time is killed."""
    monkeypatch.setattr(server, "_GRACE_S", 0.2)
    offspring = Offspring()
    with Grader(LocalExecutor(Limits(cpu_s=1.0, wall_factor=1.0), workers=1)) as grader:
        assert verdict_of(grader).verdict == "passed"
        signal_all(offspring(), signal.SIGSTOP)
        assert verdict_of(grader, WRONG).verdict == "wrong_answer"


def test_a_program_that_takes_the_sandbox_with_it_every_time_has_crashed(monkeypatch):
    """After a few attempts the program is the one to blame."""

    def die(self, task):
        raise server.WorkerDiedError("gone")

    monkeypatch.setattr(server.Server, "run", die)
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        verdict = verdict_of(grader)
    assert (verdict.verdict, verdict.message) == ("crashed", "the sandbox ended with it, again and again")


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


def test_without_bubblewrap_the_message_names_the_package(monkeypatch):
    """And the way round."""
    monkeypatch.setattr(isolation.shutil, "which", lambda name: None)
    with (
        pytest.raises(SandboxError, match=r"apt install bubblewrap[\s\S]*--sandbox process"),
        Grader(LocalExecutor(QUICK, sandbox="bubblewrap")),
    ):
        pass


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"kernel/apparmor_restrict_unprivileged_userns": "1"}, "apparmor_restrict_unprivileged_userns=0"),
        ({"kernel/unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        ({"user/max_user_namespaces": "0"}, "max_user_namespaces=15000"),
        ({}, "--security-opt seccomp=unconfined"),
    ],
)
def test_a_refused_bubblewrap_names_the_setting(monkeypatch, tmp_path, settings, advice):
    """The one of this machine that most likely stands in the way, with bubblewrap's own words."""
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(isolation.shutil, "which", lambda name: str(refusing))
    monkeypatch.setattr(isolation, "_sysctl", lambda name: settings.get(name, ""))
    executor = LocalExecutor(QUICK, sandbox="bubblewrap", workers=1)
    with pytest.raises(SandboxError) as caught, Grader(executor):
        pass
    assert "No permissions to create new namespace" in caught.value.message
    assert advice in caught.value.hint
    assert "--sandbox process" in caught.value.hint


@pytest.mark.namespaces
def test_a_user_namespace_serves_those_who_are_not_root(monkeypatch):
    """The way of an ordinary user, on any machine: the same verdicts, and root in there is nobody."""
    monkeypatch.setattr(isolation, "is_real_root", lambda: False)
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert "user-namespace" in grader.conditions.layers
        assert "unprivileged-user" not in grader.conditions.layers
        assert verdict_of(grader).verdict == "passed"
        assert verdict_of(grader, "import os\nos.setgroups([5])\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "import os\nos.listdir('/code')\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "open('left', 'w')\n" + WRONG).verdict == "wrong_answer"
        assert verdict_of(grader, "import os\nprint(os.listdir('.'))\n" + RIGHT).output == "[]\n"
