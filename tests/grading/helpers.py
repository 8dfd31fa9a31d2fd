"""Programs, jobs for them, and a look at processes."""

import contextlib
import json
import os
from pathlib import Path

import pytest

from evalsite.grading.engine import Job
from evalsite.grading.sandboxes import base
from evalsite.rundir.schema import Limits, Program
from tests.grading.ordinary import ordinary_user
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


PACKAGE = """
import os

LOADED_BY = os.getpid()


def double(x):
    return 2 * x
"""

RECORD = {
    "task_id": "Demo/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    import tinyframe\n    return tinyframe.double(x)\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
}


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
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except FileNotFoundError:
        return found  # it has ended meanwhile
    for task in tasks:
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


@contextlib.contextmanager
def belonging_to(whom):
    """Let programs be users of their own, as root can, or belong to an ordinary user."""
    with ordinary_user() if whom == "a user" else contextlib.nullcontext():
        yield


def with_landlock(monkeypatch, version, more=""):
    """Let fork servers know no more than this version."""
    begin = f"{more}server.lockdown.landlock_version = lambda: {version}; server.main()"
    monkeypatch.setattr(base, "BOOTSTRAP", base.BOOTSTRAP.replace("server.main()", begin))


def imported(evalsite, tmp_path, *options):
    (tmp_path / "demo.jsonl").write_text(json.dumps(RECORD) + "\n")
    answer = {"task_id": "Demo/0", "completion": RECORD["canonical_solution"]}
    (tmp_path / "samples.jsonl").write_text(json.dumps(answer) + "\n")
    named = ("--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m")
    return evalsite("import", "samples.jsonl", *named, *options)
