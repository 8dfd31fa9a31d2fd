"""CPU time of a sample is that of all its processes."""

import os
import signal

import pytest

from evalsite.grading.executors.base import Task
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside.clocks import Clocks
from evalsite.grading.inside.pace import MOST
from evalsite.rundir.schema import Limits

pytestmark = pytest.mark.sandbox
CPU_S = 0.5
PATIENT = Limits(cpu_s=CPU_S, wall_factor=120.0, memory_mib=256)
"""Whoever waits for the limit on wall time waits for a minute, and is found out by the cause."""

BURN = """
import os, signal, time
from subprocess import run

def burn(seconds=1e9):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

def child(work, *args):
    pid = os.fork()
    if pid == 0:
        work(*args)
        os._exit(0)
    return pid

"""
SPINNING = {
    "children": "[child(burn) for _ in range(4)]\nwhile True:\n    time.sleep(0.05)\n",
    "orphans": "os.waitpid(child(lambda: [child(burn) for _ in range(3)]), 0)\ntime.sleep(1000)\n",
    "a child that hides": "child(lambda: (os.setsid(), burn()))\ntime.sleep(1000)\n",
    "children that nobody waits for": (
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "while True:\n    child(burn, 0.4)\n    time.sleep(0.5)\n"
    ),
    "one child after the other": "while True:\n    os.waitpid(child(burn, 0.3), 0)\n",
    "threads of a child": (
        "import threading\n"
        "child(lambda: [threading.Thread(target=burn).start() for _ in range(3)] and time.sleep(1000))\n"
        "time.sleep(1000)\n"
    ),
}


def task(source: str, cpu_s: float) -> Task:
    return Task(source=BURN + source, tests="assert f() == 1", cpu_s=cpu_s, memory_mib=256)


@pytest.mark.parametrize("source", SPINNING.values(), ids=SPINNING)
def test_what_children_use_counts(source: str) -> None:
    """However they were begun, and whoever waits for them."""
    with LocalExecutor(PATIENT, workers=1) as executor:
        found = executor.submit(task(source, CPU_S)).result()
    assert found.cause == "cpu"
    assert found.cpu_s >= CPU_S


def test_what_children_have_used_counts_when_all_is_done() -> None:
    """Nobody has looked before, and the program has ended by itself.

    A limit is stretched where others disturb the processor: what goes beyond has to by more.
    """
    source = "os.waitpid(child(burn, 0.3), 0)\ndef f():\n    return 1\n"
    with LocalExecutor(PATIENT, workers=1) as executor:
        found = executor.submit(task(source, 0.3 / MOST / 2)).result()
        enough = executor.submit(task(source, 30.0)).result()
    assert found.cause == "cpu"
    assert (enough.cause, enough.proven) == ("", True)
    assert enough.cpu_s >= 0.3


def test_children_that_come_and_go_are_counted_if_not_seen() -> None:
    """Whoever has begun so many is waited for no longer than the limit on wall time says."""
    clocks = Clocks(os.getpid(), tests=0, in_namespace=True)
    for _ in range(150):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    clocks.used()
    assert clocks.are_many


def test_numbers_that_begin_anew_are_found() -> None:
    """The kernel gives small ones after the largest; those of whoever was there before are none of them."""
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    try:
        clocks = Clocks(1 << 22, tests=pid, in_namespace=True)
        assert clocks.used() >= 0
        assert clocks.are_many
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_a_child_that_does_its_work_is_welcome() -> None:
    """So is another program."""
    source = """
import sys
def f():
    os.waitpid(child(burn, 0.01), 0)
    return int(run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout)
"""
    with LocalExecutor(Limits(), workers=1) as executor:
        assert executor.submit(task(source, 5.0)).result().proven
