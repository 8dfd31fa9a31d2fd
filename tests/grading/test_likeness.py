"""What programs do besides calculating, tried wherever something is graded: two sandboxes, or one on two"""

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.likeness import likeness
from tests.grading.helpers import QUICK, with_landlock

pytestmark = pytest.mark.sandbox


def test_programs_that_try_what_may_differ_find_both_sandboxes_alike():
    """On a kernel that knows Landlock 6 or newer, so that runs of both can be compared."""
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        here = likeness(grader)
    assert here == {
        "files": "passed", "processes": "passed", "signals": "passed", "threads": "passed",
        "network": "sandbox_violation", "large-file": "file_limit",
    }  # fmt: skip


@pytest.mark.namespaces
def test_the_usual_sandbox_gives_the_same_verdicts():
    """To the same programs."""
    with Grader(LocalExecutor(QUICK, sandbox="bubblewrap", workers=1)) as grader:
        expected = likeness(grader)
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        assert likeness(grader) == expected


def test_an_older_landlock_shows(monkeypatch):
    """In what it refuses for want of rights."""
    with_landlock(monkeypatch, 1)
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        found = likeness(grader)
    assert (found["signals"], found["threads"]) == ("sandbox_violation", "passed")
    assert found["files"] != "passed"
