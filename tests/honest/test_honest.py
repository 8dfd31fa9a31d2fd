"""What honest programs do besides solving the problem passes, whatever is done against hostile ones.

Each file in ``programs/`` is a program that is asked for ``double(x)``; its name says what else it does. Each
in ``pairs/`` is a program with tests of its own behind it, and plain Python passes it.
"""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits
from tests.grading.helpers import IN_EACH_SANDBOX, make_job, make_problem

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("honest")]  # one grader for all of them

PROGRAMS = sorted(Path(__file__).parent.glob("programs/*.py"))
PAIRS = sorted(Path(__file__).parent.glob("pairs/*.py"))


@pytest.fixture(scope="module")
def grader():
    """One grader in each sandbox for all programs, so that each also sees what the others leave behind."""
    started = {}
    with ExitStack() as stack:

        def find(sandbox):
            if sandbox not in started:
                executor = LocalExecutor(Limits(), sandbox=sandbox, workers=2)
                started[sandbox] = stack.enter_context(Grader(executor))
            return started[sandbox]

        yield find


@IN_EACH_SANDBOX
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_an_honest_program_passes(grader, sandbox, path):
    """Whatever it does on the way."""
    verdict = grader(sandbox).submit(make_job(path.read_text(encoding="utf-8"))).result()
    assert (verdict.verdict, verdict.message) == ("passed", "")


@IN_EACH_SANDBOX
@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_tests_get_what_plain_python_gives_them(grader, sandbox, path):
    """Arguments, results, exceptions and objects of all kinds, from a process of theirs to the program's."""
    program, _, tests = path.read_text(encoding="utf-8").partition("# the tests:\n")
    verdict = (
        grader(sandbox).submit(make_job(program, problem=make_problem(reference="", tests=tests))).result()
    )
    assert (verdict.verdict, verdict.message, verdict.traceback) == ("passed", "", "")
    assert not verdict.in_process


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_plain_python_says_so_too(path):
    """The truth that the pairs are held to."""
    program, _, tests = path.read_text(encoding="utf-8").partition("# the tests:\n")
    said = subprocess.run(
        [sys.executable, "-c", program + tests], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
