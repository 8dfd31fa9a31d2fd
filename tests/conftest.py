"""What tests share: the data beside the checkout, small problems, and a command runner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evalsite.rundir.schema import Dataset, Environment, Model, Problem, Run

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared():
    """The folder of data sets and samples beside the checkout; tests that need it skip where it is not."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("needs the data sets and samples in ../shared, which are not here")
    return SHARED


def make_problem(task_id="Demo/0", name="double"):
    """A problem small enough to read."""
    return Problem(
        task_id=task_id,
        prompt=f'def {name}(x):\n    """Return twice x."""\n',
        kind="code",
        entry_point=name,
        tests=f"def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 6\n\n"
        f"check({name})\n",
        reference=f"def {name}(x):\n    return 2 * x\n",
    )


def make_run(run_id="2026-01-01T00-00-00Z--model--demo", **changes):
    """A run's record with everything that is required."""
    fields = {
        "id": run_id,
        "status": "complete",
        "created_at": "2026-01-01T00:00:00Z",
        "model": Model(name="model"),
        "dataset": Dataset(name="demo", sha256="0" * 64, num_problems=1),
        "num_problems": 1,
        "num_samples": 1,
        "environment": Environment(evalsite="0", python="3.11", platform="Linux", cpus=2),
    }
    return Run(**{**fields, **changes})


@pytest.fixture
def evalsite(tmp_path):
    """Run ``python -m evalsite ARGS`` in an empty folder with an empty home; returns the finished process."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*args, cwd=tmp_path, env=None, timeout=300):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
            **(env or {}),
        }
        return subprocess.run(
            [sys.executable, "-m", "evalsite", *map(str, args)],
            cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    return run
