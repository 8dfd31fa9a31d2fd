"""Signals and exceptions that could reach, or be taken for, something that they are not."""

import os
import signal
import time
from pathlib import Path

import pytest

from evalsite.grading import isolation
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.sandboxes import base
from tests.grading.helpers import QUICK, RIGHT, Offspring, descendants, make_job, read_if_there

pytestmark = pytest.mark.sandbox

SIGNAL_THE_FIRST_PROCESS = """
import os, signal, time
for number in signal.valid_signals():
    os.kill(1, number)
time.sleep(0.02)
"""
INTERRUPT_ITSELF = """
import os, signal
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


def verdict_of(source):
    """The verdict on one program, and whether its fork server is the one that was there before."""
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        before = set(descendants(os.getpid()))
        verdict = grader.submit(make_job(source)).result()
        return verdict, before <= set(descendants(os.getpid()))


@pytest.mark.namespaces
def test_no_signal_reaches_the_server_through_a_namespaces_first_process(monkeypatch):
    """It shares the server's memory; an ordinary user's samples may signal it where Landlock is not there."""
    without = "server.lockdown.landlock_version = lambda: 0; server.main()"
    monkeypatch.setattr(isolation, "is_real_root", lambda: False)
    monkeypatch.setattr(base, "BOOTSTRAP", base.BOOTSTRAP.replace("server.main()", without))
    verdict, same = verdict_of(SIGNAL_THE_FIRST_PROCESS + RIGHT)
    assert (verdict.verdict, same) == ("passed", True)


def test_a_program_may_interrupt_itself():
    """An interrupt is an exception, as in every Python program."""
    verdict, _ = verdict_of(INTERRUPT_ITSELF + RIGHT)
    assert (verdict.verdict, verdict.output) == ("passed", "interrupted\n")


def test_an_iterator_that_runs_dry_is_no_pass():
    """A StopIteration of the program's is an error like any other."""
    verdict, _ = verdict_of("def double(x):\n    return next(n for n in [] if n)\n")
    assert (verdict.verdict, verdict.exception) == ("runtime_error", "StopIteration")


@pytest.mark.namespaces
def test_a_sample_that_was_killed_runs_again_before_it_counts():
    """Nobody can tell who sent a SIGKILL: the kernel ends what is large when a machine runs out of memory."""
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        future = grader.submit(make_job("import time\ntime.sleep(0.5)\n" + RIGHT))
        os.kill(sample_among(offspring), signal.SIGKILL)
        verdict = future.result()
        assert (verdict.verdict, verdict.retried) == ("passed", True)
        verdict = grader.submit(make_job("import os\nos.kill(os.getpid(), 9)\n" + RIGHT)).result()
        assert (verdict.verdict, verdict.retried, verdict.message) == ("crashed", True, "killed by SIGKILL")


def sample_among(offspring):
    """The process that has the number 2 in a namespace of its own, once it is there."""
    for _ in range(500):
        for pid in offspring():
            status = read_if_there(Path(f"/proc/{pid}/status"))
            numbers = status.partition("NSpid:")[2].split("\n")[0].split()
            if len(numbers) > 2 and numbers[-1] == "2":
                return pid
        time.sleep(0.01)
    raise AssertionError("no sample was started")
