"""A copy of the program that has a line more, for doors that are lines of its own text."""

import os
import shutil
import subprocess
import sys

from tests import preloaded
from tests.conftest import ROOT

PROBLEM = {
    "task_id": "Toy/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
"""Of HumanEval's shape, for a data set with nothing else in it."""


def with_lines(tmp_path, *lines):
    """Return how to run ``python -m evalsite`` of a copy; ``lines`` are (file, before which line, text).

    What Python has compiled comes along: it holds for files of the same size and time, so that those alone
    are compiled anew that have another line. A process that has imported the copy forks for each command.
    """
    copy = tmp_path / "copy"
    being_written = shutil.ignore_patterns("*.pyc.*")
    shutil.copytree(ROOT / "evalsite", copy / "evalsite", ignore=being_written)
    for name in ("templates", "static"):
        (copy / name).symlink_to(ROOT / name)
    for file, before, text in lines:
        path = copy / "evalsite" / file
        head, found, tail = path.read_text("utf-8").partition(f"\n{before}")
        assert found, f"{file} has no line that begins {before!r}"
        path.write_text(f"{head}\n{text}{before}{tail}", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(copy), "HOME": str(tmp_path)}

    def run(*args):
        done = preloaded.run(
            [sys.executable, "-m", "evalsite", *map(str, args)], cwd=tmp_path, env=environment, text=True,
            capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode in (0, 9), done.stderr  # 9: a gate that cannot decide
        return done.stdout

    return run
