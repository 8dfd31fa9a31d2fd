"""What ``evalsite import`` takes of memory."""

import json
import subprocess
import sys

import pytest

from tests.make import make_problem

pytestmark = pytest.mark.linux

MEASURED = """
import sys
from pathlib import Path
from evalsite.cli.main import run_command
code = run_command(sys.argv[1:])
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])  # KiB, of this program alone
sys.exit(code)
"""
MOST_MIB = 400
OPTIONS = (
    *("--model-name", "m", "--no-grade", "--dataset", "demo"),
    *("--data-path", "data.jsonl", "--runs-dir", "runs"),
)


def _imported(tmp_path, path):
    """Import a file without grading it; the peak of memory in MiB."""
    problem = make_problem()
    record = {
        "task_id": problem.task_id,
        "prompt": "def f():\n",
        "entry_point": "f",
        "canonical_solution": "    return 1\n",
        "test": "def check(candidate):\n    assert candidate() == 1\n",
    }
    (tmp_path / "data.jsonl").write_text(json.dumps(record) + "\n")
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", path, *OPTIONS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return int(ended.stdout.split()[-1]) >> 10


@pytest.mark.long
@pytest.mark.parametrize("name", ["samples.jsonl", "samples.json", "results.json"])
def test_memory_stays_bounded_whatever_answers_hold(tmp_path, name):
    """As many and as long as are read, with one character that makes Python take four times as much for all
    others.
    """
    task = make_problem().task_id
    rows = [{"task_id": task, "solution": "x = 1  # " + "a" * 3_900_000 + "\U0001f40d"} for _ in range(16)]
    whole = {"eval": {task: rows}} if name == "results.json" else rows
    lines = name.endswith(".jsonl")
    dump = (
        (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if lines
        else json.JSONEncoder(ensure_ascii=False).iterencode(whole)
    )
    with (tmp_path / name).open("w", encoding="utf-8") as file:
        file.writelines(dump)
    assert _imported(tmp_path, name) < MOST_MIB
