"""What happened when a program ran: facts, before anybody says what they mean."""

import pytest

from evalsite.grading.execution import Execution, parse_report
from evalsite.grading.inside import messages
from evalsite.languages.failures import MOST_FRAMES, PROGRAM, TESTS, Frame, Report


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"run",
        b"\xff\xfe" * 50,
        b"run\x1fE\x1fx\x1fm\x1f-1\x1f",
        b"\x1f" * 5000,
        b"run\x1fE\x1f\x1fm\x1f\x1f9\x1f/etc/x\x1f1\x1ff",
    ],
)
def test_a_report_is_never_trusted(data):
    """Whatever a program writes in place of a report, reading it neither fails nor lets in foreign files."""
    found = parse_report(data)
    files = {frame.file for frame in found.frames} if found else set()
    assert files <= {"<program>", "<tests>"}


def _report(*frames, message="m", line="7", left_out="3"):
    head = ["run", "OSError", "12", message, line, left_out, "f(1)", "2", "3", "x=1"]
    return parse_report(messages.SEPARATOR.join([*head, *frames]).encode())


def test_a_report_says_what_was_written():
    """Every field is where it was written; frames of other files, and a part of a frame, are left out."""
    frames = (
        messages.TESTS,
        "1",
        "check",
        "/etc/x",
        "4",
        "g",
        messages.PROGRAM,
        "2",
        "f",
        messages.PROGRAM,
        "9",
    )
    assert _report(*frames) == Report(
        stage="run",
        exception="OSError",
        errno=12,
        message="m",
        line=7,
        left_out=3,
        failing=("f(1)", "2", "3", "x=1"),
        frames=(Frame(file=TESTS, line=1, function="check"), Frame(file=PROGRAM, line=2, function="f")),
    )


def test_a_report_has_bounds():
    """A message, a number and the frames are read so far, and no farther."""
    assert len(_report(message="m" * 4001).message) == 4000
    assert (_report(line="9" * 9).line, _report(line="9" * 10).line) == (999_999_999, None)
    assert [_report(line=each).line for each in ("-1", "", "٣")] == [None] * 3
    assert _report(left_out="x").left_out == 0
    assert _report(messages.PROGRAM, "x", "f").frames[0].line == 0
    assert len(_report(*[messages.PROGRAM, "1", "f"] * (MOST_FRAMES + 1)).frames) == MOST_FRAMES == 40


def test_an_execution_of_which_nothing_is_said_took_nothing_and_proves_nothing():
    """What nobody said of a program is neither in its favour nor against it."""
    found = Execution()
    assert not any(getattr(found, field) for field in Execution.__struct_fields__)
    assert (found.report, found.peak_mib) == (None, None)
