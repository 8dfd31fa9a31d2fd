"""What honest programs do besides solving the problem passes, whatever is done against hostile ones.

Each file in ``programs/`` is a program that is asked for ``double(x)``; its name says what else it does.
"""

from pathlib import Path

import pytest

from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits
from tests.grade.helpers import make_job

pytestmark = pytest.mark.sandbox

PROGRAMS = sorted(Path(__file__).parent.glob("programs/*.py"))


@pytest.fixture(scope="module")
def grader():
    """One grader for all programs, so that each also sees what the others leave behind."""
    with Grader(LocalExecutor(Limits(), workers=2)) as grader:
        yield grader


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_an_honest_program_passes(grader, path):
    """Whatever it does on the way."""
    verdict = grader.submit(make_job(path.read_text(encoding="utf-8"))).result()
    assert (verdict.verdict, verdict.message) == ("passed", "")
