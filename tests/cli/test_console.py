"""What commands print for people: nothing in names and messages is obeyed."""

import subprocess
import sys

import pytest

from evalsite.cli import console
from evalsite.rundir.schema import Model
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import finish
from tests.conftest import make_problem, make_run


def test_control_characters_in_remarks_are_replaced(capsys, monkeypatch):
    """A data set's task names reach the terminal, too."""
    monkeypatch.setattr(console, "stderr", console.Console(stderr=True, width=200))
    console.say("preflight: \x1b]0;owned\x07Demo/0")
    assert capsys.readouterr().err == "preflight: �]0;owned�Demo/0\n"


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "utf-8"])
def test_a_console_shows_every_name_in_its_way(environment, tmp_path, encoding):
    """With an escape for what it lacks; never a traceback."""
    run_dir = RunDir.create(tmp_path, make_run("run", model=Model(name="\u6a21 \u00fc")), [make_problem()])
    finish(run_dir, "complete")

    def report(name):
        return subprocess.run(
            [sys.executable, "-m", "evalsite", "report", name], cwd=tmp_path, capture_output=True,
            env={**environment, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"}, check=False,
        )  # fmt: skip

    done = report("run")
    assert done.returncode == 0, done.stderr
    assert "\u6a21 \u00fc".encode(encoding, "backslashreplace") in done.stdout
    missing = report("\u6a21")
    assert missing.returncode == 5, missing.stderr
    assert "\u6a21".encode(encoding, "backslashreplace") in missing.stderr
