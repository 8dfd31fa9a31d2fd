"""Programs, jobs for them, and a look at processes."""

import os
from pathlib import Path

import pytest

from evalsite.grade.engine import Job
from evalsite.rundir.schema import Limits, Program
from tests.make import make_problem

QUICK = Limits(cpu_s=1.0, wall_factor=2.0, memory_mib=256, disk_mib=16, file_mib=8)
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x\n"
SLOW = """
import time

def double(x):
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return 2 * x
"""

IN_EACH_SANDBOX = pytest.mark.parametrize(
    "sandbox", [pytest.param("bubblewrap", marks=pytest.mark.namespaces), "landlock"]
)
"""For what holds in both sandboxes that keep programs in."""


def make_job(source=RIGHT, sample=0, problem=None, **changes):
    problem = problem or make_problem()
    return Job(
        Program(problem=problem.task_id, sample=sample, source=source, rule="test", **changes), problem
    )


def verdict_of(grader, *args, **kwargs):
    """What the grader says of one job."""
    return grader.submit(make_job(*args, **kwargs)).result()


def descendants(pid):
    """Process ids of everything below a process, parents first."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in read_if_there(task).split():
            found += [int(child), *descendants(int(child))]
    return found


class Offspring:
    """What this process has begotten since; a browser's or a builder's processes are none of a test's."""

    def __init__(self):
        self._before = set(descendants(os.getpid()))

    def __call__(self):
        """Process ids, parents first."""
        return [pid for pid in descendants(os.getpid()) if pid not in self._before]


def read_if_there(path):
    """A file's text; nothing for a process that has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
