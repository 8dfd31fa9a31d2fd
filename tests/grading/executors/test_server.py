"""One fork server in the sandbox, as it is seen from outside."""

import signal

import pytest

from evalsite.errors import SandboxError
from evalsite.grading.engine import Grader
from evalsite.grading.executors import server
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.sandboxes.base import Backend
from evalsite.rundir.schema import Limits
from tests.grading.executors.helpers import signal_all
from tests.grading.helpers import QUICK, WRONG, Offspring, verdict_of

pytestmark = pytest.mark.sandbox


def test_a_fork_server_killed_on_its_way_is_started_again(monkeypatch):
    """Once; what the machine itself refuses, it refuses again, and then it is said."""
    found, killed = Backend.command, [True, False, True, True]
    monkeypatch.setattr(
        Backend, "command", lambda *args, **kept: ["false"] if killed.pop(0) else found(*args, **kept)
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
    """After a few attempts the program is the one to blame, where one that does nothing ends well."""
    run = server.Server.run

    def die(self, task):
        if not task.source:
            return run(self, task)
        raise server.WorkerDiedError("gone")

    monkeypatch.setattr(server.Server, "run", die)
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        verdict = verdict_of(grader)
    assert (verdict.verdict, verdict.message) == ("crashed", "the sandbox ended with it, again and again")
