"""What commands print for people: nothing in names and messages is obeyed."""

import subprocess
import sys

import pytest

from evalsite.cli import console
from evalsite.cli.console import as_typed
from evalsite.errors import RunError
from evalsite.rundir.schema import Model
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import finish
from tests import preloaded
from tests.make import make_problem, make_record


def test_control_characters_in_remarks_are_replaced(capsys, monkeypatch):
    """A data set's task names reach the terminal, too."""
    monkeypatch.setattr(console, "stderr", console.Console(stderr=True, width=200))
    console.say("preflight: \x1b]0;owned\x07Demo/0")
    assert capsys.readouterr().err == "preflight: �]0;owned�Demo/0\n"


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "utf-8"])
def test_a_console_shows_every_name_in_its_way(environment, tmp_path, encoding):
    """With an escape for what it lacks; never a traceback."""
    run_dir = RunDir.create(tmp_path, make_record("run", model=Model(name="\u6a21 \u00fc")), [make_problem()])
    finish(run_dir, "complete")

    def report(name):
        return preloaded.run(
            [sys.executable, "-m", "evalsite", "report", name], cwd=tmp_path, capture_output=True,
            env={**environment, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"}, check=False,
        )  # fmt: skip

    done = report("run")
    assert done.returncode == 0, done.stderr
    assert "\u6a21 \u00fc".encode(encoding, "backslashreplace") in done.stdout
    missing = report("\u6a21")
    assert missing.returncode == 5, missing.stderr
    assert "\u6a21".encode(encoding, "backslashreplace") in missing.stderr


def test_a_command_is_named_so_that_it_works_as_printed(tmp_path, monkeypatch):
    """By name where a shell finds it; else by where it is, seen from here where it is below here."""
    program = tmp_path / ".venv" / "bin" / "evalsite"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setattr("sys.prefix", str(program.parents[1]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert as_typed("serve", "my site") == "./.venv/bin/evalsite serve 'my site'"
    monkeypatch.chdir(program.parent)
    assert as_typed("serve") == "./evalsite serve"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert as_typed("serve") == f"{program} serve"
    monkeypatch.setenv("PATH", str(program.parent))
    assert as_typed("serve", "my site") == "evalsite serve 'my site'"


def test_advice_says_where_the_program_is(tmp_path, monkeypatch, capsys):
    """Only where advice names it, and a shell would not find it."""
    program = tmp_path / "bin" / "evalsite"
    program.parent.mkdir()
    program.touch(mode=0o755)
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    console.show_error(RunError("wrong", hint="Go on with: evalsite resume RUN"))
    assert capsys.readouterr().err.endswith("(evalsite is not on the PATH; here it is ./bin/evalsite)\n")
    console.show_error(RunError("wrong", hint="Look at the file."))
    monkeypatch.setenv("PATH", str(program.parent))
    console.show_error(RunError("wrong", hint="Go on with: evalsite resume RUN"))
    assert "PATH" not in capsys.readouterr().err


@pytest.mark.parametrize("size", ["²", "9" * 5000, "wide", "-1", "", "0"])
def test_an_odd_size_of_the_terminal_is_lived_with(environment, size):
    """Also one that is a number for some, and none for others."""
    done = subprocess.run(
        [sys.executable, "-m", "evalsite", "--version"], env={**environment, "COLUMNS": size, "LINES": size},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
