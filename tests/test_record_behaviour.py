"""What shows that a refactoring changes nothing: its runs are sound, and it notices a difference."""

import importlib
import json
import subprocess
import sys

import pytest

from evalsite.rundir.taxonomy import VerdictClass
from tests.conftest import ROOT

SCRIPTS = ROOT / "scripts"
CLASSES = list(VerdictClass)
OF_OTHERS = {
    VerdictClass.COMPILE_ERROR,
    *CLASSES[CLASSES.index(VerdictClass.NO_CALL) : CLASSES.index(VerdictClass.NO_CODE)],
}
"""Of languages that are compiled; of calls, edits and agents: no program in Python earns them."""
EARNED = set(VerdictClass) - OF_OTHERS


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """The six run directories."""
    folder = tmp_path_factory.mktemp("examples") / "runs"
    subprocess.run([sys.executable, SCRIPTS / "example_runs.py", folder], check=True)
    return sorted(folder.iterdir())


@pytest.fixture
def recorder(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("record_behaviour")


def compare(before, after):
    return subprocess.run(
        [sys.executable, SCRIPTS / "record_behaviour.py", "--compare", before, after],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def recordings(tmp_path):
    """Two recordings that are the same."""
    for name in ("before", "after"):
        (tmp_path / name / "commands").mkdir(parents=True)
        (tmp_path / name / "commands" / "check.txt").write_text("exit code 0\nTargets: met\n")
        (tmp_path / name / "picture").write_bytes(b"\xff\x00")
    return tmp_path / "before", tmp_path / "after"


def test_the_runs_that_are_shown_are_sound(examples, evalsite):
    """Written by hand from the documented format, summaries included, they pass ``evalsite validate``."""
    done = evalsite("validate", *examples)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines() == [f"{path}: sound" for path in examples]
    assert len(examples) == 6


def test_the_runs_show_every_verdict_and_a_lack(examples):
    """Every verdict class that Python can earn occurs, and one run lacks samples."""
    summaries = [json.loads((path / "summary.json").read_text()) for path in examples]
    assert {name for summary in summaries for name in summary["verdicts"]} == EARNED
    missing = [sum(tally["missing"] for tally in summary["tallies"]) for summary in summaries]
    assert sorted(missing)[-2:] == [0, 13]


def test_the_server_earns_every_verdict(recorder):
    """The first two samples of a few problems are answers for each class, among them one that was cut off."""
    server = importlib.import_module("example_server")
    problems = importlib.import_module("example_data").HUMANEVAL[:8]
    seeds = (server.SEED, server.SEED + server.SEED_STEP)
    answers = [server.answer(f"```python\n{task.head}```", seed) for task in problems for seed in seeds]
    del answers[len(EARNED) :]
    assert len({text for text, _ in answers}) == len(EARNED)
    assert [reason for _, reason in answers].count("length") == 1


def test_the_same_recordings_do_not_differ(recordings):
    """Nothing differs: status 0."""
    done = compare(*recordings)
    assert (done.returncode, done.stdout) == (0, "0 of 2 files differ\n")


def test_a_difference_is_named_and_shown(recordings):
    """A file that changed is shown as a short diff, one that came or went is named: status 1."""
    before, after = recordings
    (after / "commands" / "check.txt").write_text("exit code 1\n" + "Targets: missed\n" * 1000)
    (after / "picture").write_bytes(b"\xff\x01")
    (before / "gone").write_text("")
    done = compare(*recordings)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[0] == "commands/check.txt"
    assert {"    -exit code 0", "    +exit code 1", "    +Targets: missed"} <= set(lines)
    assert len(lines) < 60
    assert f"gone: only in {before}" in lines
    assert r"    +\xff" + "\x01" in lines
    assert lines[-1] == "3 of 3 files differ"


def test_a_difference_in_a_long_line_is_found_in_it(recordings):
    """Of a page in one line, only the part that changed is shown."""
    before, after = recordings
    (before / "page.html").write_text("<p>same</p>" * 500 + "<b>old</b>" + "<p>same</p>" * 500)
    (after / "page.html").write_text("<p>same</p>" * 500 + "<b>new</b>" + "<p>same</p>" * 500)
    lines = compare(*recordings).stdout.splitlines()
    assert {"    -old</b>", "    +new</b>"} <= set(lines)
    assert len(lines) < 12


def test_folders_without_files_are_no_recordings(tmp_path):
    """A mistyped folder is not taken for one that agrees."""
    done = compare(tmp_path / "a", tmp_path / "b")
    assert done.returncode == 1
    assert "no recordings" in done.stderr


def test_marks_stand_for_what_varies_and_for_nothing_else(recorder):
    """Measurements become marks; counts, limits, nulls and all other fields stay."""
    record = {
        "identity": "12ab",
        "created_at": "2025-03-01T10:00:00Z",
        "finished_at": "",
        "latency_s": {"count": 3, "mean": 0.25},
        "first_token_s": None,
        "tallies": [{"n": 3, "execution_s": 0.5}],
        "limits": {"cpu_s": 5.0},
    }
    assert recorder._without(recorder.VARYING, record) == {
        "identity": "12ab",
        "created_at": "~",
        "finished_at": "",
        "latency_s": {"count": 3, "mean": "~"},
        "first_token_s": None,
        "tallies": [{"n": 3, "execution_s": "~"}],
        "limits": {"cpu_s": 5.0},
    }
