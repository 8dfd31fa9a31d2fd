"""What Go's compiler, and programs that it has made, tell of a failure."""

import re

from evalsite.languages.failures import PROGRAM, TESTS, Ended, Frame, OfTools, Report, is_of_tests

_FILE = rf"(?P<file>{PROGRAM}|{TESTS})"
_FAILED = re.compile(
    r"assertion failed at <tests>:(?P<line>\d{1,9}): (?P<message>.*)"
    r"|^\s+(?:\S*/)?<tests>:(?P<own_line>\d{1,9}): (?P<own>.*)$",
    re.MULTILINE,
)
_PANIC = re.compile(r"^(?:\s*)panic: (?P<message>.*)$", re.MULTILINE)
_FATAL = re.compile(
    r"^fatal error: (?P<message>.*)$|^runtime: (?P<out>out of memory.*|goroutine stack exceeds.*)$",
    re.MULTILINE,
)
_AT = re.compile(rf"^\t(?:\S*/)?{_FILE}:(?P<line>\d{{1,9}})", re.MULTILINE)
_NO_MEMORY = re.compile(r"out of memory|cannot allocate memory")


class GoFailures(OfTools):
    """Failed tests are told by the package testing, panics by the runtime, with the goroutine's calls."""

    error = re.compile(rf"^(?:\S*/)?{_FILE}:(?P<line>\d{{1,9}}):(?:\d+:)? (?P<message>.*)$", re.MULTILINE)
    no_module = re.compile(r"could not import ([\w./-]{1,200}) ")
    trace_line = re.compile(rf"{PROGRAM}:(\d{{1,9}})\b")

    def of_program(self, ended: Ended) -> Report | None:
        """A panic, or what a test has told."""
        output = ended.output
        if found := _FATAL.search(output):
            message = found["message"] or found["out"]
            stage = "memory" if _NO_MEMORY.search(output) else "run"
            return Report(
                stage=stage, exception="fatal error", message=message, frames=_frames(output), text=output
            )
        if found := _PANIC.search(output):
            message = found["message"]
            stage = "assertion" if is_of_tests(message, ended) else "run"
            return Report(
                stage=stage, exception="panic", message=message, frames=_frames(output), text=output
            )
        if "--- FAIL" in output:
            failed = _FAILED.search(output)
            line = int(failed["line"] or failed["own_line"]) if failed else 0
            frames = (Frame(file=TESTS, line=line, function=""),) if failed else ()
            message = (failed["message"] or failed["own"] or "") if failed else ""
            return Report(
                stage="assertion", exception="AssertionError", message=message, frames=frames, text=output
            )
        return None


def _frames(output: str) -> tuple[Frame, ...]:
    """Outermost first, as Go tells them the other way round."""
    found = [Frame(file=each["file"], line=int(each["line"]), function="") for each in _AT.finditer(output)]
    return tuple(reversed(found[:20]))
