"""What a language's runtime tells of a failure, and how it is read."""

import re
from dataclasses import dataclass

import msgspec

from evalsite.rundir.failing import FailingCall
from evalsite.rundir.taxonomy import VerdictClass

PROGRAM, TESTS = "<program>", "<tests>"
"""The files that a failure can speak of."""

_CLIP, _NAME = 2000, 200
MOST_FRAMES = 40
"""Frames of a report; no sample tells of more by itself."""
_MOST_CHARS = 8_000
"""Of a traceback's frames. With message, output and failed test, a verdict stays below 64 KiB."""


class Frame(msgspec.Struct, frozen=True):
    """One frame of a traceback. ``file`` is :data:`PROGRAM` or :data:`TESTS`; lines count from 1."""

    file: str
    line: int
    function: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The exception that ended a program, as told from inside: not to be trusted for more than a failure."""

    stage: str
    """``compile`` or ``run``; ``tests`` where those do not compile. Where tools tell it: ``assertion`` of the
    tests, or want of ``memory``, too."""
    exception: str
    errno: int | None = None
    message: str
    line: int | None = None
    """Line of a syntax error in the program, or in the tests."""
    left_out: int = 0
    """Frames left out of the middle of ``frames``."""
    failing: tuple[str, ...] = ()
    """The last call, what was expected of it as far as that is told, what it gave (nothing where it raised),
    and names of the test with their values, a line each; nothing where no call is known."""
    frames: tuple[Frame, ...] = ()
    """Outermost first."""
    text: str = ""
    """What the language itself told, where it tells no frames."""
    explains_signal: bool = False
    """Whether the language ends its process with a signal after such a failure."""


@dataclass(frozen=True)
class Ended:
    """How a command of a toolchain has ended, without a proof that the tests have passed."""

    compiling: bool
    status: int
    """Exit status; negative for the signal that killed it."""
    said: bytes
    """What it said by its own descriptor."""
    output: str
    program: str
    tests: str


class Failures:
    """Reads reports of a language; what is said here holds for one of which nothing else is known."""

    trace_line: re.Pattern[str] | None = None
    """Matches what a line of a traceback says of a line of the program, whose number is the first group."""

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """The class of a failure as far as the language's own names tell it; None where they don't.

        ``short_of_memory``: the program had used a good part of what it may use.
        """
        return VerdictClass.SYNTAX_ERROR if report.stage == "compile" else None

    def report_of(self, ended: Ended) -> Report | None:
        """What is known of the failure of a toolchain's command; None where nothing is told."""
        return None

    def missing_module(self, report: Report) -> str:
        """The module whose lack ended the program; empty where that is not what ended it."""
        return ""

    def traceback(self, report: Report, program: str, tests: str) -> str:
        """The report in the words in which the language itself would tell it."""
        name, message = one_line(report.exception), clip(report.message)
        if report.text:
            return "\n".join(clip_lines(report.text.splitlines()))
        return f"{name}: {message}" if message else name

    def program_line(self, report: Report) -> int | None:
        """The innermost line of the program, from 1."""
        if report.line is not None:
            return report.line
        return next((frame.line for frame in reversed(report.frames) if frame.file == PROGRAM), None)

    def failed_test(self, report: Report, tests: str) -> str:
        """Source of the tests' statement that failed; empty where it is not known."""
        return ""

    def failing_call(self, report: Report, tests: str) -> FailingCall | None:
        """The call that a test failed by, with what was expected and what came; None where none is known."""
        return None


class OfTools(Failures):
    """What compilers and runtimes write, where no driver of ours can tell more."""

    error: re.Pattern[str] = re.compile(r"(?!)")
    """Matches the line of an error in a compiler's output: groups ``file``, ``line`` and ``message``."""
    no_module: re.Pattern[str] = re.compile(r"(?!)")
    """Matches a message about a module (header, package) that is not there; its name is the first group."""

    def report_of(self, ended: Ended) -> Report | None:
        """The first error of a compiler; of a program what :meth:`of_program` makes of its output."""
        if not ended.compiling:
            return self.of_program(ended)
        found = self.error.search(ended.output)
        if found is None:
            return Report(stage="compile", exception="", message=one_line(ended.output), text=ended.output)
        line, by_tests = int(found["line"]), found["file"] != PROGRAM
        message = one_line(found["message"])
        frames = (Frame(file=TESTS, line=line, function=""),) if by_tests else ()
        return Report(
            stage="compile",
            exception="",
            message=f"in the tests: {message}" if by_tests else message,
            line=None if by_tests else line,
            frames=frames,
            text=ended.output,
        )

    def of_program(self, ended: Ended) -> Report | None:
        """What a program's last words say of its end; None where they say nothing."""
        return None

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """A compiler's errors, and assertions of the tests."""
        if self.missing_module(report):
            return VerdictClass.MISSING_MODULE
        if report.stage == "compile":
            return VerdictClass.COMPILE_ERROR
        if report.stage == "memory":
            return VerdictClass.MEMORY_LIMIT
        return VerdictClass.WRONG_ANSWER if report.stage == "assertion" else None

    def missing_module(self, report: Report) -> str:
        """What the compiler did not find."""
        found = self.no_module.search(report.text) if report.stage == "compile" else None
        return found[1] if found else ""

    def failed_test(self, report: Report, tests: str) -> str:
        """The line of the tests that the failure came from."""
        return line_of_tests(report, tests)


def line_of_tests(report: Report, tests: str) -> str:
    """The line of the tests that is the innermost in a report; empty where none is known."""
    number = next((frame.line for frame in reversed(report.frames) if frame.file == TESTS), 0)
    lines = tests.splitlines()
    return clip(lines[number - 1].strip()) if 0 < number <= len(lines) else ""


def is_of_tests(message: str, ended: Ended) -> bool:
    """Whether the tests say this of a failure, as a text that they hold and the program does not."""
    words = message.strip()
    return len(words) > 3 and words in ended.tests and words not in ended.program


def one_line(text: str) -> str:
    """Return a name on one line, however it came."""
    return " ".join(text.split())[:_NAME]


def clip(text: str, most: int = _CLIP) -> str:
    """Return a text, shortened where it is very long."""
    return text if len(text) <= most else text[:most] + " …"


def clip_lines(lines: list[str]) -> list[str]:
    """Return the lines of a traceback; the last ones alone where they are very many."""
    kept, room = len(lines), _MOST_CHARS
    while kept and len(lines[kept - 1]) < room:
        kept -= 1
        room -= len(lines[kept]) + 1
    return lines if not kept else ["[left out]", *lines[kept:]]
