"""Killed without warning, the grader leaves nothing behind, and its workers lose no verdict."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from tests.grade.helpers import QUICK, RIGHT, WRONG, Offspring, descendants, make_job

KILLS = 30
ROOT = Path(__file__).parents[2]
GRADING = """
import sys
sys.path.insert(0, sys.argv[1])
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from tests.grade.helpers import QUICK, RIGHT, make_job

def jobs():
    number = 0
    while True:
        number += 1
        busy = "import os, time\\nopen('left', 'w').close()\\nif number % 2: os.fork()\\n"
        busy += "end = time.time() + 0.05\\n"
        yield make_job(f"number = {number}\\n{busy}while time.time() < end: pass\\n" + RIGHT, sample=number)

with Grader(LocalExecutor(QUICK, sandbox=sys.argv[2], workers=2)) as grader:
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
def test_a_killed_grader_takes_everything_with_it(sandbox, tmp_path):
    """Ten times each at random moments: no process, no mount, no temporary file."""
    mounts = mounts_beside_other_tests(tmp_path)
    for _ in range(10):
        grader = subprocess.Popen(
            [sys.executable, "-c", GRADING, str(ROOT), sandbox],
            env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with grader.stdout as verdicts:
            assert verdicts.readline() == "passed\n"
            time.sleep(random.random() / 5)
            below = descendants(grader.pid)
            assert len(below) >= 2
            os.kill(grader.pid, signal.SIGKILL)
            grader.wait()
        for _ in range(500):
            if not any(map(alive, below)):
                break
            time.sleep(0.02)
        assert not any(map(alive, below))
    assert mounts_beside_other_tests(tmp_path) == mounts
    assert list(tmp_path.iterdir()) == []


def mounts_beside_other_tests(folder):
    """What is mounted, but for what a test that runs meanwhile mounts in a folder of its own."""
    tests, lines = str(folder.parents[1]), Path("/proc/mounts").read_text().splitlines()
    return [line for line in lines if tests not in line or str(folder) in line]


@pytest.mark.sandbox
def test_verdicts_outlast_the_kills_of_workers():
    """Whatever is killed, sandbox, fork server or sample: every program gets the verdict that is due."""
    draw = random.Random(17)
    programs = [(RIGHT, "passed"), (WRONG, "wrong_answer"), ("raise ValueError", "runtime_error")]
    offspring = Offspring()
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        for number in range(KILLS):
            assert grader.submit(make_job(f"# {number}\n{RIGHT}")).result().verdict == "passed"
            source, expected = programs[number % 3]
            future = grader.submit(make_job(f"import time\ntime.sleep(0.1)\n# {number}\n{source}"))
            time.sleep(draw.random() * 0.1)
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(draw.choice(sorted(offspring())), signal.SIGKILL)
            assert future.result().verdict == expected
    assert offspring() == []
