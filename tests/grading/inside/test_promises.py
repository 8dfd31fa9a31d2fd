"""What the sandbox without namespaces promises, each tried from inside, as a program that is graded could."""

import os
from pathlib import Path

import pytest

from evalsite.errors import SandboxError
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests.grading.helpers import QUICK, RIGHT, belonging_to, verdict_of, with_landlock
from tests.grading.ordinary import ordinary_user

pytestmark = pytest.mark.sandbox


KERNEL = 7
"""The newest version of Landlock whose rights are used here; later ones add none."""


WITH_HONEST_CHILDREN = """
import os, shutil, subprocess, sys, tempfile, threading

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "a"), "w") as file:
        file.write("text")
    shutil.copy2(file.name, file.name + "2")
    os.truncate(file.name, 2) if {truncates} else None
    assert os.stat(file.name).st_size == (2 if {truncates} else 4)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
if {signals}:
    child.kill()
    assert child.wait() == -9
os.kill(os.getpid(), 0)
threads = [threading.Thread(target=sum, args=([],)) for _ in range(10)]
for thread in threads:
    thread.start()
"""


REACHING_OUT = """
import os

def tried(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        return
    raise SystemExit(f"{action} {arguments}")

tried(os.kill, os.getppid(), 0)
tried(os.truncate, "OUTSIDE", 0)
tried(open, "OUTSIDE", "rb")
tried(os.open, "OUTSIDE", os.O_WRONLY)
tried(os.open, os.__file__, os.O_RDONLY | os.O_TRUNC)
"""


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
@pytest.mark.parametrize("version", range(1, KERNEL + 1))
def test_every_version_keeps_every_promise(monkeypatch, outside, version, whom):
    """What a version lacks is refused by the filter, at the price of some honest calls; nothing gets out."""
    with_landlock(monkeypatch, version)
    with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        assert f"landlock-{version}" in grader.conditions.layers
        honest = WITH_HONEST_CHILDREN.format(truncates=version >= 3, signals=version >= 6) + RIGHT
        verdict = verdict_of(grader, honest)
        assert (verdict.verdict, verdict.traceback) == ("passed", "")
        verdict = verdict_of(grader, REACHING_OUT.replace("OUTSIDE", str(outside)) + RIGHT)
        assert (verdict.verdict, verdict.message) == ("passed", "")
    assert outside.read_text() == "whole"
    assert Path(os.__file__).stat().st_size > 1000


@pytest.mark.parametrize(
    ("version", "more", "promise"),
    [
        (0, "", "files"),
        (KERNEL, "server.filtering.platform.machine = lambda: 'z80'; ", "network"),
        (KERNEL, "server.lockdown.enter_landlock = lambda _: []; ", "files"),
        (KERNEL, "server.filtering.syscalls.OF_ANOTHER.clear(); ", "signals"),
        (KERNEL, "server.filtering.syscalls.GROUPS.clear(); ", "leftovers"),
        (KERNEL, "del server.filtering.syscalls.KILLED['ptrace']; ", "tracing"),
        (KERNEL, "del server.filtering.syscalls.REFUSED['shmget']; ", "shared-objects"),
        (KERNEL, "del server.filtering.syscalls.REFUSED['socket']; ", "network"),
    ],
)  # fmt: skip
def test_a_promise_that_cannot_be_kept_is_refused_by_its_name(monkeypatch, version, more, promise):
    """Nothing is graded there."""
    with_landlock(monkeypatch, version, more)
    with (
        ordinary_user(),
        pytest.raises(SandboxError, match=f"cannot keep the promise '{promise}'"),
        Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)),
    ):
        pass
