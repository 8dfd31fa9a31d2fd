"""The way round for machines without namespaces: no isolation, the same verdicts, and still nothing left
behind.
"""

from pathlib import Path

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests.grading.helpers import QUICK, RIGHT, WRONG, Offspring, make_job

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("process mode")]  # one grader for all of them


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(QUICK, sandbox="process", workers=1)) as grader:
        yield grader


def verdict_of(grader, source):
    return grader.submit(make_job(source)).result()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (RIGHT, "passed"),
        (WRONG, "wrong_answer"),
        ("raise SystemExit(0)", "early_exit"),
        ("hoard = bytearray(1 << 40)", "memory_limit"),
        ("while True: print('flood' * 1000)", "output_limit"),
        ("while True: pass", "timeout"),
        ("import numpy\n" + RIGHT, "passed"),
        ("open('large', 'wb').truncate(1 << 30)", "file_limit"),
    ],
)
def test_verdicts_are_those_of_the_sandbox(grader, source, expected):
    """Limits that need no rights hold here too."""
    assert verdict_of(grader, source).verdict == expected


def test_no_namespace_is_claimed(grader):
    """The record shows what was in force."""
    assert "rlimits" in grader.conditions.layers
    assert not [layer for layer in grader.conditions.layers if "namespace" in layer]


def test_files_and_daemons_do_not_outlive_their_sample(grader):
    """The working folder is empty again, and orphans are found and killed."""
    offspring = Offspring()
    source = (
        "import os, time\nopen('left', 'w').close()\nos.makedirs('a/b')\nos.chmod('a', 0)\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
        "    os._exit(0)\n"
    )
    assert verdict_of(grader, source + RIGHT).verdict == "passed"
    assert verdict_of(grader, "import os\nprint(os.listdir('.'))\n" + RIGHT).output == "[]\n"
    assert offspring() == []


def test_the_folder_goes_with_the_grader():
    """Nothing stays in the machine's folder for temporary files."""
    with Grader(LocalExecutor(QUICK, sandbox="process", workers=1)) as grader:
        folder = Path(verdict_of(grader, "import os\nprint(os.getcwd())\n" + RIGHT).output.strip())
        assert folder.is_dir()
    assert not folder.exists()
