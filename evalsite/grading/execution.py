"""What happened when a program ran: facts, before anybody says what they mean."""

import msgspec

from evalsite.grading.inside import messages
from evalsite.languages.failures import MOST_FRAMES, PROGRAM, TESTS, Frame, Report
from evalsite.rundir.taxonomy import VerdictClass

BROKEN_TESTS = "broken"
"""The cause of what never ran, since its tests do not compile; the report says why."""
_HEAD_FIELDS, _FRAME_FIELDS = 10, 3
_MESSAGE_CHARS = 4000
_FILES = {messages.PROGRAM: PROGRAM, messages.TESTS: TESTS}


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one program with its tests."""

    cause: str = ""
    """Why the sandbox ended it: ``cpu``, ``wall``, ``output``, ``disk``, ``many`` (processes), ``tests``
    (they do not end with what it returned), ``worker`` (it took the sandbox with it); or nothing.
    """
    status: int = 0
    """Exit status of the process; negative for the signal that killed it."""
    proven: bool = False
    """Whether the proof from after the last test came back."""
    parts: tuple[str, ...] = ()
    """Parts of the tests that passed, in the order in which they did."""
    report: Report | None = None
    output: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mib: float | None = None
    cpu_limit_s: float = 0.0
    memory_limit_mib: int = 0
    retried: bool = False
    scarce: dict[VerdictClass, str] = {}
    """Verdicts that would be the machine's doing, since it gives less than a sample may have; and whose limit
    that is.
    """
    lacked: str = ""
    """Whose limit it met, where the machine gave it less than it may have: no word on the program."""
    in_process: bool = False
    """Whether program and tests shared a process."""
    compiling: bool = False
    """Whether it ended in a compiler, so that no program ran."""


def parse_report(data: bytes) -> Report | None:
    """Read what the sample wrote; None where it wrote nothing, or something that is no report."""
    fields = data.decode("utf-8", "replace").split(messages.SEPARATOR)
    if len(fields) < _HEAD_FIELDS:
        return None
    stage, exception, errno, message, line, left_out, *failing = fields[:_HEAD_FIELDS]
    rest = fields[_HEAD_FIELDS:]
    rest = rest[: min(len(rest) - len(rest) % _FRAME_FIELDS, MOST_FRAMES * _FRAME_FIELDS)]
    frames = tuple(
        Frame(file=_FILES[file], line=_number(at) or 0, function=function)
        for file, at, function in zip(*[iter(rest)] * _FRAME_FIELDS, strict=True)
        if file in _FILES
    )
    return Report(
        stage=stage,
        exception=exception,
        errno=_number(errno),
        message=message[:_MESSAGE_CHARS],
        line=_number(line),
        left_out=_number(left_out) or 0,
        failing=tuple(failing),
        frames=frames,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
