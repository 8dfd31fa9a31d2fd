"""Which Python runs programs, and what is installed there: evalsite's own, or one that somebody names."""

import sys
from pathlib import Path

import pytest

from evalsite.counts.validate import find_faults
from evalsite.errors import UsageError
from evalsite.grading.interpreters import hash_packages, named_interpreter, read_interpreter
from evalsite.rundir.store import RunDir
from tests.grading.helpers import imported


@pytest.mark.sandbox
def test_a_run_records_where_its_programs_ran(evalsite, packaged, tmp_path):
    """By name, version and hash; whoever grades on without it is refused, and the page shows it."""
    done = imported(evalsite, tmp_path, "--sandbox-python", packaged, "--preload", "tinyframe")
    assert done.returncode == 0, done.stderr
    run_dir = RunDir(tmp_path / done.stdout.strip())
    assert [verdict.verdict for verdict in run_dir.verdicts()] == ["passed"]
    grading = run_dir.read_run().grading
    assert grading.packages == {"tinyframe": "1.2"}
    assert grading.packages_sha256 == hash_packages((("tinyframe", "1.2"),))
    assert grading.preload == ("tinyframe",)
    assert str(packaged) not in (run_dir.path / "run.json").read_text()
    assert find_faults(run_dir) == []
    refused = evalsite("grade", run_dir.path)
    assert refused.returncode == 5
    assert "packages.tinyframe '1.2' -> None" in " ".join(refused.stderr.split())
    again = evalsite("grade", run_dir.path, "--again", "--sandbox-python", packaged)
    assert again.returncode == 0
    assert run_dir.read_run().grading.preload == ()
    assert evalsite("build", "--output", "site").returncode == 0
    (page,) = (tmp_path / "site" / "runs").glob("*/index.html")
    assert "tinyframe 1.2" in page.read_text()


@pytest.mark.parametrize(
    ("path", "preload", "said"),
    [
        ("nothing", None, "no Python answers there"),
        ("text", None, "no Python answers there"),
        ("", "pandas", "--preload names modules of --sandbox-python"),
        ("env", "tinyframe,pandalike", "--preload pandalike: it is not installed in"),
        pytest.param("old", None, "Python 3.10 is too old, 3.11 is needed", marks=pytest.mark.linux),
    ],
)
def test_what_is_no_such_python_is_told(packaged, tmp_path, path, preload, said):
    """In a line, with what to name instead."""
    (tmp_path / "text").write_text("no program\n")
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\necho '{\"version\": [3, 10]}'\n")
    old.chmod(0o755)
    named = packaged if path == "env" else tmp_path / path if path else ""
    with pytest.raises(UsageError) as told:
        named_interpreter(named, preload)
    assert said in told.value.message


def test_numpy_is_preloaded_where_it_is_and_nobody_names_others(packaged):
    """An environment without it preloads nothing."""
    assert read_interpreter(packaged).preload == ()
    assert read_interpreter(Path(sys.executable)).preload == ("numpy",)
