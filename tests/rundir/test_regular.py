"""Files of a run directory that lead elsewhere: each is refused by its name, and nothing behind it read or
written.
"""

import os
from pathlib import Path

import pytest

from evalsite.counts.tally import rebuild_summary
from evalsite.errors import RunFormatError
from evalsite.rundir import regular
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.store import FILES, RunDir
from tests.make import make_problem, make_record

pytestmark = pytest.mark.linux

SECRET = "a secret of the machine that builds"


@pytest.fixture
def run_dir(tmp_path):
    """A sound run, notes and all."""
    run_dir = RunDir.create(tmp_path / "runs", make_record(), [make_problem()])
    with run_dir.append_completions() as completions, run_dir.append_verdicts() as verdicts:
        completions.append(Completion(problem="Demo/0", sample=0, text="x", form="completion"))
        verdicts.append(Verdict(problem="Demo/0", sample=0, verdict="passed"))
    run_dir.write_summary(rebuild_summary(run_dir))
    (run_dir.path / "NOTES.md").write_text("Mine.")
    (run_dir.path / "turns.jsonl").touch()  # of runs that send back what came of answers
    for name in ("incidents.jsonl", "looks.jsonl", "steps.jsonl"):
        (run_dir.path / name).touch()  # there once a run met any
    return run_dir


def _link(path, elsewhere):
    path.symlink_to(elsewhere)


def _hard_link(path, elsewhere):
    path.hardlink_to(elsewhere)


def _pipe(path, _elsewhere):
    os.mkfifo(path)


def _device(path, _elsewhere):
    path.symlink_to("/dev/zero")


def _dangling(path, elsewhere):
    path.symlink_to(elsewhere.with_name("not there"))


KINDS = {
    "a symbolic link": _link,
    "a file that has another name, too": _hard_link,
    "a pipe": _pipe,
    "a symbolic link to a device": _device,
    "a symbolic link to nothing": _dangling,
}


def replace(run_dir, name, kind):
    """Put something in the place of a file that holds what it held; returns what it leads to."""
    path = run_dir.path / name
    elsewhere = run_dir.path.parent.parent / f"elsewhere-{name}"
    elsewhere.write_bytes(path.read_bytes() + f"\n{SECRET}\n".encode() * (name == "NOTES.md"))
    path.unlink()
    KINDS[kind](path, elsewhere)
    return elsewhere


COMMANDS = {
    "build": ("build", "--runs", "runs", "--output", "site"),
    "report": ("report", "{run}"),
    "compare": ("compare", "{run}", "{run}"),
    "check": ("check", "--runs", "runs"),
    "export": ("export", "{run}", "--format", "csv", "--output", "out"),
    "failures": ("failures", "{run}"),
    "validate": ("validate", "{run}"),
    "grade": ("grade", "{run}", "--again", "--no-preflight"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_a_link_by_its_name(run_dir, command, evalsite, tmp_path):
    """Whichever file it is, whether or not the command has any use for it."""
    for name in FILES:
        before = (run_dir.path / name).read_bytes()
        elsewhere = replace(run_dir, name, "a symbolic link")
        was = elsewhere.read_bytes()
        done = evalsite(*(part.format(run=run_dir.path) for part in COMMANDS[command]), cwd=tmp_path)
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == 5, said
        assert f"{name}: is a symbolic link" in said
        assert elsewhere.read_bytes() == was
        (run_dir.path / name).unlink()
        (run_dir.path / name).write_bytes(before)
    assert not any(SECRET in path.read_text() for path in tmp_path.glob("site/**/*.html"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_regular_file_is_refused(run_dir, name, kind):
    """Without waiting for the other end of a pipe."""
    replace(run_dir, name, kind)
    said = "a symbolic link" if kind.startswith("a symbolic link") else kind
    with pytest.raises(RunFormatError, match=f"{name}: is {said}; a run's files are regular files"):
        RunDir(run_dir.path).read_run()


@pytest.mark.parametrize("name", ["completions.jsonl", "verdicts.jsonl"])
def test_nothing_is_appended_to_what_lies_elsewhere(run_dir, name):
    """Nor made there."""
    elsewhere = replace(run_dir, name, "a symbolic link to nothing").with_name("not there")
    append = run_dir.append_completions if name.startswith("completions") else run_dir.append_verdicts
    with pytest.raises(RunFormatError, match=name), append():
        pass
    assert not elsewhere.exists()


def test_a_lock_that_leads_elsewhere_is_not_written(run_dir):
    """The holder's number would be written there."""
    elsewhere = run_dir.path.parent / "elsewhere"
    elsewhere.write_text("mine")
    (run_dir.path / ".lock").symlink_to(elsewhere)
    with pytest.raises(RunFormatError, match=r"\.lock: is a symbolic link"), run_dir.lock():
        pass
    assert elsewhere.read_text() == "mine"


def test_a_document_is_read_up_to_a_size_that_none_has(tmp_path, monkeypatch):
    """One byte less is read; more is not even taken into memory."""
    monkeypatch.setattr(regular, "MOST_LINE", 100)
    path = tmp_path / "run.json"
    path.write_bytes(b"x" * 99)
    assert regular.read_whole(path) == b"x" * 99
    for size in (100, 1000):
        path.write_bytes(b"x" * size)
        with pytest.raises(RunFormatError, match=r"run\.json:1: more than 0\.0001 MB"):
            regular.read_whole(path)


@pytest.mark.parametrize("opening", [regular.open_to_read, regular.open_to_write])
def test_a_file_that_becomes_another_while_it_is_opened_is_refused_and_closed(tmp_path, monkeypatch, opening):
    """Looked at once by its name, and once as what was opened."""
    path, other = tmp_path / "run.json", tmp_path / "other"
    path.write_bytes(b"{}")
    opened = regular.os.open

    def open_after_a_change(name, *arguments):
        if not other.exists():
            os.link(path, other)
        return opened(name, *arguments)

    monkeypatch.setattr(regular.os, "open", open_after_a_change)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(RunFormatError, match="another name"):
        opening(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
