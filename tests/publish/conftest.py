"""Commands in this process, and a results repository for them."""

import contextlib
import io
from types import SimpleNamespace

import pytest

from evalsite.cli.main import run_command
from tests.publish.builders import write_run


@pytest.fixture
def evalsite(tmp_path, monkeypatch):
    """Run a command in an empty folder, in this process: sixty starts of Python would take a minute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVALSITE_RUNS_DIR", raising=False)

    def run(*args, cwd=tmp_path):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command([str(arg) for arg in args])
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    return run


@pytest.fixture
def repository(evalsite, tmp_path):
    """A folder after ``evalsite init`` and two runs."""
    process = evalsite("init", ".", "--repository", "me/results", "--baseline", "fp8")
    assert process.returncode == 0, process.stderr
    write_run(tmp_path / "runs", "fp8", 2)
    write_run(tmp_path / "runs", "ternary", 1)
    return tmp_path
