"""A results repository from its first push on: the workflow's own steps, in a checkout of a bare remote."""

import re
import shutil
import subprocess

import pytest

from tests.make import BASELINE, CANDIDATE, write_run
from tests.publish.builders import run_steps, workflow

TARGETS = """
[[target]]
name = "Loss"
metric = "degradation"
dataset = "humaneval"
margin = 10
"""
MANY = 36
"""Problems, enough to decide at a margin of ten points."""


class Repository:
    """A clone of a bare remote, and what its workflow says of a push or a pull request."""

    def __init__(self, folder):
        self.folder, self._remote = folder / "work", folder / "remote.git"
        self.folder.mkdir()
        self._run("git", "init", "--quiet", "--bare", "--initial-branch", "trunk", self._remote, cwd=folder)
        self.git("init", "--quiet", "--initial-branch", "trunk")
        self.git("remote", "add", "origin", self._remote)

    def _run(self, *words, cwd):
        done = subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def git(self, *words):
        return self._run("git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words, cwd=self.folder)

    def push(self, message, branch="trunk"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.git("push", "--quiet", "origin", f"HEAD:{branch}")

    def publish(self):
        """The jobs of a push, in a fresh checkout: exit codes of build and check, and the front page."""
        there = self._checkout("trunk")
        jobs = workflow(there / ".github" / "workflows" / "site.yml")["jobs"]
        built = run_steps(jobs["build"], there, GITHUB_EVENT_NAME="push")
        checked = run_steps(jobs["check"], there, GITHUB_EVENT_NAME="push")
        assert [step.returncode for step in built] == [0] * len(built), [step.stderr for step in built]
        return checked[-1].returncode, (there / "site" / "index.html").read_text("utf-8"), built[-1].stderr

    def propose(self, branch):
        """The check of a pull request with what is here: its exit code and the comment."""
        self.push(branch, branch)
        there = self._checkout("trunk")
        git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")
        self._run(*git, "merge", "--quiet", "--no-ff", "--message", "m", f"origin/{branch}", cwd=there)
        job = workflow(there / ".github" / "workflows" / "site.yml")["jobs"]["check"]
        (checked,) = run_steps(job, there, GITHUB_EVENT_NAME="pull_request")
        comment = (there / "check.md").read_text("utf-8")
        self.git("reset", "--quiet", "--hard", "origin/trunk")
        self.git("clean", "-fdq")
        return checked.returncode, comment

    def _checkout(self, branch):
        there = self.folder.parent / "runner"
        shutil.rmtree(there, ignore_errors=True)
        self._run("git", "clone", "--quiet", "--branch", branch, self._remote, there, cwd=self.folder)
        return there


@pytest.mark.linux
@pytest.mark.long
def test_the_first_days_of_a_repository(evalsite, tmp_path):
    """First push without runs, first run, a worse one, a better one, and a baseline that is mistyped."""
    repository = Repository(tmp_path)
    runs = repository.folder / "runs"
    begun = evalsite(
        "init", "work", "--repository", "me/results", "--baseline", "Toy-FP8", "--requirement", "evalsite"
    )
    assert begun.returncode == 0, begun.stderr
    (repository.folder / "targets.toml").write_text(TARGETS)
    repository.push("begin")
    code, page, said = repository.publish()
    assert code == 0, "nothing is measured, so nothing is missed"
    assert "No runs yet" in page
    assert "baseline Toy-FP8: no such model or run (there are no runs)" in " ".join(said.split())

    write_run(runs, "Toy-FP8", [1] * MANY, n=1, card=BASELINE)
    repository.push("the baseline")
    code, page, said = repository.publish()
    assert code == 0
    assert "Toy-FP8" in page
    assert "WARNING" not in said

    write_run(runs, "Worse", [0] * (MANY // 2) + [1] * (MANY // 2), n=1, card=CANDIDATE, day="2026-11-21")
    code, comment = repository.propose("worse")
    assert code == 1
    assert re.match(r"### Targets: missed", comment)
    assert "](https://me.github.io/results/runs/2026-11-21T10-00-00Z--worse--humaneval/)" in comment

    write_run(runs, "Better", [1] * MANY, n=1, card=CANDIDATE, day="2026-11-22")
    code, comment = repository.propose("better")
    assert code == 0
    assert re.match(r"### Targets: met", comment)

    settings = repository.folder / "evalsite.toml"
    settings.write_text(settings.read_text().replace('baseline = "Toy-FP8"', 'baseline = "Toy-FP9"'))
    repository.push("a slip")
    code, page, said = repository.publish()
    assert code == 0
    assert "Toy-FP8" in page
    assert "The baseline that is named, &#39;Toy-FP9&#39;, has no run here." in page
    assert "baseline Toy-FP9: no such model or run (models here: Toy-FP8)" in " ".join(said.split())
