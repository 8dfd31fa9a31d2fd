"""How far a command is: a bar in a terminal, lines in a log, JSON for another program."""

import json
import re

import click
import pytest

from evalsite.cli import console, progress
from evalsite.cli.bar import bar
from evalsite.events import Event, SampleCount

HALF = Event("asking", "model", done=1, total=2, answered=2, passed=1)


@pytest.fixture
def terminal(monkeypatch):
    """Stands in for a terminal of 200 columns."""
    wide = console.Console(stderr=True, width=200, force_terminal=True)
    monkeypatch.setattr(progress, "stderr", wide)
    monkeypatch.setattr(console, "stderr", wide)


@pytest.mark.parametrize("name", ["model[/x]", "[red]model", "model[link=http://x]"])
def test_a_name_with_brackets_is_no_markup(name, capsys, terminal):
    """A model may be called anything; the progress bar shows it and goes on."""
    with progress.progress() as listener:
        listener(Event("grading", name, done=1, total=2, passed=1))
    shown = capsys.readouterr().err
    assert name in shown
    assert "1 passed" in shown


def test_the_bar_tells_how_far_how_fast_and_how_long_yet(capsys):
    """In that order, and what its command says of it behind."""
    clock = [0.0]
    wide = console.Console(
        stderr=True, width=90, force_terminal=True, color_system=None, get_time=lambda: clock[0]
    )
    with bar(wide, lambda event: ((f"{event.passed} passed", "green"),)) as listener:
        for done in range(4):
            clock[0] = float(done)
            listener(Event("asking", "model", done=done, total=8, passed=1))
    shown = re.sub(r"\x1b\[[?\d;]*\w", "", capsys.readouterr().err).splitlines()[-1].split("\r")[-1]
    name, drawn, *rest = shown.split()
    assert (name, len(drawn)) == ("model", 11)  # of 28
    assert rest == ["3/8", "1.0/s", "00:05", "1", "passed"]


def told_as(mode, *events):
    """Tell events to a command that was given ``--progress MODE``."""

    @click.command
    @progress.progress_option
    def command():
        with progress.progress() as listener:
            for event in events:
                listener(event)

    command.main(["--progress", mode], standalone_mode=False)


def test_json_is_a_line_an_event(capsys):
    """Every field by its name; remarks among them."""
    told_as("json", HALF, Event("remark", remark="note: well"))
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["step"], first["about"], first["done"], first["total"]) == ("asking", "model", 1, 2)
    assert (first["answered"], first["passed"], first["missing"]) == (2, 1, 0)
    assert (second["step"], second["remark"]) == ("remark", "note: well")


def test_lines_come_once_a_minute(capsys, monkeypatch):
    """A log of a night stays readable; the first minute says nothing."""
    times = iter([0.0, 59.0, 60.0, 61.0, 125.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    states = [Event("asking", "m", done=n, total=9, passed=n, missing=n // 4) for n in range(5)]
    told_as("lines", *states)
    assert capsys.readouterr().err.splitlines() == ["m: 2 of 9, 2 passed", "m: 4 of 9, 4 passed, 1 missing"]


def test_a_problem_that_is_waited_for_is_named(capsys, monkeypatch):
    """In lines and in the bar, as text that steers nothing."""
    state = Event("trying", "trying references", done=1, total=2, at="[red]a\nb")
    times = iter([0.0, 60.0])
    with monkeypatch.context() as clock:
        clock.setattr(progress.time, "monotonic", lambda: next(times))
        told_as("lines", state, state)
    assert capsys.readouterr().err == "trying references: 1 of 2, at [red]a␊b\n"
    told_as("bar", state)
    assert "at [red]a␊b" in capsys.readouterr().err


def test_none_keeps_the_remarks(capsys):
    """What people should know is told however little they want to see."""
    remark = Event("remark", remark="note: well")
    told_as("none", HALF, remark)
    assert capsys.readouterr().err == "note: well\n"
    told_as("bar", HALF, remark)
    assert "note: well\n" in capsys.readouterr().err


def test_a_sample_is_done_with_its_verdict_or_without_hope():
    """Answers alone do not move the bar; verdicts and lost samples do."""
    told = []
    count = SampleCount("asking", "m", 3, told.append)
    count.answer()
    count.grade(passed=True)
    count.lose("no answer in time")
    states = [(event.answered, event.done, event.passed, event.missing) for event in told]
    assert states == [(1, 0, 0, 0), (1, 1, 1, 0), (1, 2, 1, 1)]
    assert count.missing == {"no answer in time": 1}


def test_below_a_cell_one_line_is_written_over(capsys, monkeypatch):
    """From Python and by ``!evalsite``: no movement of a cursor but to the line's begin, and remarks stay."""
    monkeypatch.setenv(progress.IN_A_NOTEBOOK, "1")
    times = iter([1.0, 1.0, 1.1, 2.0, 2.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    with progress.progress() as listener:
        for event in (
            HALF,
            Event("remark", remark="note: well"),
            HALF,
            Event("asking", "m", done=2, total=2),
        ):
            listener(event)
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert shown == ("\rmodel: 1 of 2, 1 passed\nnote: well\n\rm: 2 of 2, 0 passed\rm: 2 of 2, 0 passed\n")
