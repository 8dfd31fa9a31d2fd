"""Killed without warning, the grader leaves nothing behind, and its workers lose no verdict."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests import preloaded
from tests.grading.helpers import QUICK, RIGHT, WRONG, Offspring, descendants, make_job

MOMENTS = 5
GRADING = """
import sys
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests import preloaded
from tests.grading.helpers import QUICK, RIGHT, make_job

def jobs():
    number = 0
    while True:
        number += 1
        busy = "import os, time\\nopen('left', 'w').close()\\nif number % 2: os.fork()\\n"
        busy += "end = time.time() + 0.05\\n"
        yield make_job(f"number = {number}\\n{busy}while time.time() < end: pass\\n" + RIGHT, sample=number)

with Grader(LocalExecutor(QUICK, sandbox=sys.argv[1], workers=2)) as grader:
    for verdict in grader.grade(jobs()):
        print(verdict.verdict, flush=True)
"""


def alive(pid):
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "sandbox", [pytest.param("bubblewrap", marks=pytest.mark.namespaces), "landlock", "process"]
)
def test_a_killed_grader_takes_everything_with_it(sandbox, environment, tmp_path):
    """At random moments, sooner and later: no process, no mount, no temporary file."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    mounts = mounts_beside_other_tests(tmp_path)
    for moment in range(MOMENTS):
        grader = preloaded.Popen(
            [sys.executable, "-c", GRADING, sandbox], env=environment | {"TMPDIR": str(temporary)},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with grader.stdout as verdicts:
            assert verdicts.readline() == "passed\n"
            time.sleep((moment + random.random()) / MOMENTS / 5)
            below = descendants(grader.pid)
            assert len(below) >= 2
            os.kill(grader.pid, signal.SIGKILL)
            grader.wait()
        assert gone(below)
    assert mounts_beside_other_tests(tmp_path) == mounts
    assert list(temporary.iterdir()) == []


AT_REST = """
import time
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests import preloaded
from tests.grading.helpers import QUICK, RIGHT, make_job

with Grader(LocalExecutor(QUICK, sandbox="bubblewrap", workers=1)) as grader:
    print(grader.submit(make_job(RIGHT)).result().verdict, flush=True)
    time.sleep(600)
"""


@pytest.mark.sandbox
@pytest.mark.namespaces
def test_what_does_not_listen_ends_with_the_grader(environment):
    """Stopped, nothing below it learns that its other side has gone: the kernel alone can end it.

    The other sandboxes' servers end by themselves, as they have to end what their samples have started.
    """
    grader = preloaded.Popen(
        [sys.executable, "-c", AT_REST], env=environment, stdout=subprocess.PIPE, text=True
    )
    with grader.stdout as verdicts:
        assert verdicts.readline() == "passed\n"
        below = descendants(grader.pid)
        assert below
        for pid in below:
            os.kill(pid, signal.SIGSTOP)
        try:
            grader.kill()
            grader.wait()
            assert gone(below)
        finally:
            for pid in filter(alive, below):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "sandbox", [pytest.param("bubblewrap", marks=pytest.mark.namespaces), "landlock", "process"]
)
def test_a_sample_ends_with_its_fork_server(sandbox):
    """Which alone knows its limits: what sleeps would sleep on."""
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, sandbox=sandbox, workers=1)) as grader:
        assert grader.submit(make_job(RIGHT)).result().verdict == "passed"
        at_rest = offspring()
        future = grader.submit(make_job("import time\ntime.sleep(600)\n" + RIGHT))
        while not (set(offspring()) - set(at_rest) or future.done()):
            time.sleep(0.01)
        time.sleep(0.2)  # it has given up what it is not to have, and sleeps
        below = offspring()
        os.kill(below[0], signal.SIGKILL)
        assert gone(below)
        assert future.result().verdict == "timeout"
    assert offspring() == []


def gone(pids):
    """Wait until none of them is alive, ten seconds at most."""
    for _ in range(500):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.02)
    return False


def mounts_beside_other_tests(folder):
    """What is mounted, but for what a test that runs meanwhile mounts in a folder of its own."""
    tests, lines = str(folder.parents[1]), Path("/proc/mounts").read_text().splitlines()
    return [line for line in lines if tests not in line or str(folder) in line]


@pytest.mark.sandbox
def test_verdicts_outlast_the_kills_of_workers():
    """Whatever is killed, sandbox, fork server or sample: every program gets the verdict that is due."""
    draw = random.Random(17)
    below = range(5)  # bubblewrap, its first process, the fork server, and two that it forked
    programs = [(RIGHT, "passed"), (WRONG, "wrong_answer"), ("raise ValueError", "runtime_error")]
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        for number, (place, (source, expected)) in enumerate(product(below, programs)):
            assert grader.submit(make_job(f"# {number}\n{RIGHT}")).result().verdict == "passed"
            future = grader.submit(make_job(f"import time\ntime.sleep(0.1)\n# {number}\n{source}"))
            time.sleep(draw.random() * 0.1)
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(offspring()[: place + 1][-1], signal.SIGKILL)
            assert future.result().verdict == expected
    assert offspring() == []
