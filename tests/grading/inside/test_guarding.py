"""What is looked at while a sample runs, where nothing else bounds it."""

import os
import subprocess
import sys

import pytest

from evalsite.grading.inside import guarding
from evalsite.grading.inside.guarding import Guard

pytestmark = pytest.mark.linux


class Disk:
    """One that is as full as it is said to be."""

    def __init__(self, overfull=False):
        self.overfull, self.begun = overfull, 0

    def begin(self):
        self.begun += 1

    def is_overfull(self):
        return self.overfull


@pytest.mark.parametrize(
    ("most", "tasks", "overfull", "complaint"),
    [
        (3, 3, False, b""),
        (3, 4, False, b"many"),
        (3, 4, True, b"many"),
        (3, 3, True, b"disk"),
        (None, 4, False, b""),
        (None, 4, True, b"disk"),
    ],
)
def test_a_sample_is_ended_for_too_many_processes_or_files(monkeypatch, most, tasks, overfull, complaint):
    """Processes are counted where the kernel does not bound them."""
    monkeypatch.setattr(guarding, "tasks_below", lambda: tasks)
    disk = Disk(overfull)
    assert Guard(disk, most).complaint() == complaint
    assert disk.begun == 1


def test_processes_below_this_one_are_counted_with_their_threads():
    """Children and theirs; this process itself is none of them."""
    before = guarding.tasks_below()
    source = (
        "import subprocess, sys, threading\n"
        "if sys.argv[1:]:\n    child = subprocess.Popen([sys.executable, '-c', 'input()'])\n"
        "threading.Thread(target=input, daemon=True).start()\n"
        "print(1, flush=True)\nthreading.Event().wait()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", source, "more"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        child.stdout.readline()
        found = guarding.below()
        assert found[child.pid] == 2
        assert os.getpid() not in found
        assert guarding.tasks_below() == before + 3
    finally:
        child.kill()
        child.communicate()
