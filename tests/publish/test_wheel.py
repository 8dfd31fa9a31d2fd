"""The evalsite that runs here as a wheel, for a workflow that could get it nowhere else."""

import subprocess
import sys
from pathlib import Path

import evalsite as evalsite_package
from evalsite.publish.origin import requirement_from


def test_what_the_workflow_installs_can_be_installed(evalsite, tmp_path, monkeypatch):
    """Where nobody else has this evalsite, the repository brings it: pip takes it, and it is this one."""
    monkeypatch.setattr("evalsite.cli.init.own_requirement", lambda: requirement_from("{}"))
    begun = evalsite("init", "results")
    assert begun.returncode == 0, begun.stderr
    assert "the evalsite that runs here" in " ".join(begun.stderr.split())
    line = (tmp_path / "results" / "requirements.txt").read_text().splitlines()[-1]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--no-index",
         "--target", tmp_path / "there", line],
        cwd=tmp_path / "results", check=True, capture_output=True,
    )  # fmt: skip
    here, there = Path(evalsite_package.__file__).parent, tmp_path / "there" / "evalsite"
    sources = {path.relative_to(here) for path in here.rglob("*.py")}
    assert {path.relative_to(there) for path in there.rglob("*.py")} == sources
    shown = subprocess.run([sys.executable, "-m", "evalsite", "demo", "--help"], cwd=tmp_path, check=True,
        env={"PYTHONPATH": str(tmp_path / "there")}, capture_output=True, text=True)  # fmt: skip
    assert "Usage: evalsite demo" in shown.stdout
    assert (there / "templates" / "base.html").is_file()
