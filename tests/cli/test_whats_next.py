"""``evalsite`` alone says what to do next, by commands that work as printed."""

import os
import shlex

import pytest

from tests.make import write_run


def steps(done):
    """The commands that were named, as words behind ``evalsite``."""
    assert done.returncode == 0, done.stderr
    lines = [line.strip().split("   ")[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    return [shlex.split(line)[1:] for line in lines]


def test_an_empty_folder_has_beginnings(evalsite):
    """The demo first: it needs nothing."""
    done = evalsite()
    assert "no runs in runs/ yet" in done.stdout
    assert [words[0] for words in steps(done)] == ["demo", "doctor", "run", "import"]


def test_after_the_demo_its_runs_are_looked_at_and_others_are_begun(evalsite, tmp_path):
    """In the folder that it was typed in, where runs/ is still empty."""
    write_run(tmp_path / "demo" / "runs", "fp8", [2, 2, 2], n=2, day="2026-11-18")
    write_run(tmp_path / "demo" / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    assert "no runs in runs/ yet; the demo's are in demo/runs/" in evalsite().stdout
    found = steps(evalsite())
    assert [words[0] for words in found] == ["compare", "doctor", "run", "import"]
    assert evalsite(*found[0]).returncode in (0, 1, 9)
    assert evalsite("build", "--runs-dir", "demo/runs", "--output", "demo/site").returncode == 0
    assert steps(evalsite())[1] == ["serve", "demo/site"]


def test_two_runs_are_compared_then_built_then_served(evalsite, tmp_path):
    """Each step as printed, until nothing but looking is left."""
    base = write_run(tmp_path / "runs", "fp8", [2, 2, 2], n=2, day="2026-11-18")
    candidate = write_run(tmp_path / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    found = steps(evalsite())
    assert found == [["compare", f"runs/{base.path.name}", f"runs/{candidate.path.name}"], ["build"]]
    assert evalsite(*found[0]).returncode in (0, 1, 9)
    assert evalsite(*found[1]).returncode == 0
    assert steps(evalsite())[-1] == ["serve"]
    later = (tmp_path / "site" / "index.html").stat().st_mtime + 9
    os.utime(candidate.path, (later, later))
    assert steps(evalsite())[-1] == ["build"]


@pytest.mark.parametrize("status", ["interrupted", "running"])
def test_what_is_unfinished_comes_first(evalsite, tmp_path, status):
    """A run that lacks samples is resumed, and is compared with nothing yet."""
    run_dir = write_run(tmp_path / "runs", "fp8", [2, 2, 2], n=2)
    record = (run_dir.path / "run.json").read_text("utf-8")
    (run_dir.path / "run.json").write_text(record.replace('"complete"', f'"{status}"'), "utf-8")
    assert steps(evalsite())[0][0] == "resume"


def test_a_broken_run_is_named_and_hides_no_other(evalsite, tmp_path):
    """What is wrong is for ``validate`` to say."""
    write_run(tmp_path / "runs", "fp8", [2, 2, 2], n=2)
    broken = write_run(tmp_path / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    (broken.path / "run.json").write_text("{", "utf-8")
    found = steps(evalsite())
    assert [words[0] for words in found] == ["validate", "build"]
    assert broken.path.name in evalsite(*found[0]).stdout
