"""What the gate judges by, and where it says so."""

import json
import re

import pytest

from tests.site.builders import write_run

PROMISE = """\
[[target]]
name = "Easy"
metric = "pass@1"
above = 1
"""


@pytest.fixture
def runs(tmp_path):
    """A baseline of ten samples that solves all, and a candidate that solves as much."""
    write_run(tmp_path / "runs", "fp8", [10] * 40, day="2026-11-18")
    write_run(tmp_path / "runs", "ternary", [10] * 40, day="2026-11-19")
    return tmp_path


def test_without_a_file_each_run_is_held_against_its_baseline(evalsite, runs):
    """No figure stands there that nobody measured; pass@10 is judged where the samples allow it."""
    done = evalsite("check", "--baseline", "fp8")
    assert done.stdout.startswith("Judged by the built-in rule: every run against its baseline.\n")
    assert "pass@1 against the baseline" in done.stdout
    assert "pass@10 against the baseline" in done.stdout
    assert "82.0" not in done.stdout
    assert done.returncode == 0


def test_without_a_baseline_there_is_no_verdict(evalsite, runs):
    """And pass@10 is not even mentioned."""
    done = evalsite("check", "--format", "json")
    told = json.loads(done.stdout)
    assert {row["decision"] for row in told["targets"]} == {"pending"}
    assert {row["target"] for row in told["targets"]} == {"pass@1 against the baseline"}
    assert "name one with --baseline" in told["targets"][0]["sentence"]
    assert done.returncode == 9


def test_a_file_in_this_folder_is_found_and_said(evalsite, runs):
    """Valid or full of mistakes: it is never passed over in silence."""
    (runs / "targets.toml").write_text(PROMISE)
    done = evalsite("check", "--baseline", "fp8")
    assert done.stdout.startswith("Judged by targets.toml.\n")
    assert "targets.toml" in done.stderr
    (runs / "targets.toml").write_text(PROMISE.replace("above", "abvoe"))
    done = evalsite("check")
    assert done.returncode == 2
    assert "targets.toml" in done.stderr


def test_a_set_of_targets_goes_by_a_name(evalsite, tmp_path):
    """The one this project was born with is written by init, and can be judged by."""
    done = evalsite("init", "results", "--repository", "me/results", "--targets", "qwen3-coder-80b-ternary")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "results" / "targets.toml").read_text()
    assert "baseline = 82" in written
    write_run(tmp_path / "results" / "runs", "m", [1] * 4, n=1)
    judged = evalsite("check", "--targets", "targets.toml", cwd=tmp_path / "results")
    assert judged.stdout.startswith("Judged by targets.toml.\n")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "junit"])
def test_a_gate_lets_nothing_pass_that_proves_nothing(evalsite, tmp_path, form):
    """The baseline solves 5 % and may lose 10 points: exit code 9 and the word, in every form."""
    base = write_run(tmp_path / "runs", "fp8", [10] * 2 + [0] * 38, day="2026-11-18")
    same = write_run(tmp_path / "runs", "ternary", [10] * 2 + [0] * 38, day="2026-11-19")
    for command in (("check", "--baseline", "fp8"), ("compare", base.path, same.path)):
        done = evalsite(*command, "--format", form)
        assert done.returncode == 9, command
        assert "vacuous" in done.stdout, command
        assert not re.search("5.0 %.*✅", done.stdout), command
    allowed = evalsite("check", "--baseline", "fp8", "--format", form, "--allow", "vacuous")
    assert allowed.returncode == 0
