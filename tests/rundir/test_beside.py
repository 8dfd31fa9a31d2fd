"""Beside the rows: incidents, notes, and what the next command takes over; any of it may be broken."""

from pathlib import Path

import pytest

from evalsite.rundir.beside import REPEAT, append_incidents, incidents, read_repeat, write_repeat
from evalsite.rundir.finding import find_run
from evalsite.rundir.schema import Incident
from evalsite.rundir.store import INCIDENTS
from tests.make import write_run


@pytest.fixture
def run_dir(tmp_path):
    return write_run(tmp_path / "runs", "m", [1, 0], n=1)


def test_incidents_come_back_in_their_order_and_broken_lines_are_passed_over(run_dir):
    """They are told for information alone: no line of theirs hides another."""
    assert list(incidents(run_dir)) == []
    told = [
        Incident(at=f"2026-01-01T00:00:0{n}Z", kind="waiting", message=f"no {n}", waiting=n) for n in (1, 2)
    ]
    with append_incidents(run_dir) as appender:
        appender.append(told[0])
    with (run_dir.path / INCIDENTS).open("a", encoding="utf-8") as file:
        file.write('{"at": 3}\nnonsense\n')
    with append_incidents(run_dir) as appender:
        appender.append(told[1])
    assert list(incidents(run_dir)) == told


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": ', b"\xff"])
def test_settings_for_the_next_command_that_cannot_be_read_are_none(run_dir, content):
    """Whoever goes on gives them anew."""
    assert read_repeat(run_dir) == {}
    write_repeat(run_dir, {"concurrency": 3})
    assert read_repeat(run_dir) == {"concurrency": 3}
    (run_dir.path / REPEAT).write_bytes(content)
    assert read_repeat(run_dir) == {}


def test_notes_are_read_whatever_their_bytes(run_dir):
    """A letter of another encoding costs itself alone."""
    assert run_dir.read_notes() == ""
    (run_dir.path / "NOTES.md").write_bytes(b"caf\xe9\n")
    assert run_dir.read_notes() == "caf\N{REPLACEMENT CHARACTER}\n"


def test_a_run_that_cannot_be_read_hides_no_other_from_its_models_name(run_dir):
    """Nobody asked about it."""
    broken = run_dir.path.with_name("a-broken-one")
    broken.mkdir()
    (broken / "run.json").write_text("{")
    assert find_run(Path("m"), broken.parent).path == run_dir.path
