"""What node, and our driver in it, tell of a failure."""

import re

import msgspec

from evalsite.languages.failures import (
    PROGRAM,
    TESTS,
    Ended,
    Failures,
    Frame,
    Report,
    is_of_tests,
    line_of_tests,
)
from evalsite.rundir.taxonomy import VerdictClass

_NO_MODULE = re.compile(r"Cannot find module '([^'\n]{1,200})'")
_THROWS = re.compile(r"\s*throw\b[^'\"`]{0,80}['\"`]([^'\"`]{1,400})")
_OUT_OF_MEMORY = re.compile(r"JavaScript heap out of memory|Array buffer allocation failed|out of memory")


class _Said(msgspec.Struct):
    stage: str
    exception: str = ""
    message: str = ""
    line: int | None = None
    test: int | None = None
    assertion: bool = False
    text: str = ""


class JavaScriptFailures(Failures):
    """Reads what the driver says, and node's own last words where it could not say anything."""

    trace_line = re.compile(rf"{PROGRAM}:(\d{{1,9}})\b")

    def report_of(self, ended: Ended) -> Report | None:
        """The driver's words; or those of node, which ended for want of memory."""
        try:
            said = msgspec.json.decode(ended.said, type=_Said)
        except msgspec.DecodeError:
            if _OUT_OF_MEMORY.search(ended.output):
                return Report(
                    stage="run", exception="RangeError", message="out of memory", explains_signal=True
                )
            return None
        frames = [] if said.test is None else [Frame(file=TESTS, line=said.test, function="")]
        if said.line is not None and said.stage != "compile":
            frames.append(Frame(file=PROGRAM, line=said.line, function=""))
        thrown = _thrown_by_tests(said, ended)
        return Report(
            stage=said.stage,
            exception="AssertionError" if said.assertion or thrown else said.exception,
            message=thrown or said.message,
            line=said.line if said.stage == "compile" else None,
            frames=tuple(frames),
            text=said.text,
        )

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """By the error's name, and by where it was thrown."""
        if report.stage == "compile":
            return VerdictClass.SYNTAX_ERROR
        if report.message == "out of memory" or _OUT_OF_MEMORY.search(report.message):
            return VerdictClass.MEMORY_LIMIT
        if self.missing_module(report):
            return VerdictClass.MISSING_MODULE
        return VerdictClass.WRONG_ANSWER if report.exception == "AssertionError" else None

    def missing_module(self, report: Report) -> str:
        """What ``require`` did not find, wherever that was said."""
        found = _NO_MODULE.search(report.message)
        return found[1].removeprefix("node:") if found else ""

    def failed_test(self, report: Report, tests: str) -> str:
        """The line of the tests that the failure came from."""
        return line_of_tests(report, tests)


def _thrown_by_tests(said: _Said, ended: Ended) -> str:
    """The text that tests throw, which has no trace; or were about to: MBXP's name a variable there that
    nobody has. Empty where they do not.
    """
    if said.stage != "tests" or said.line is not None:
        return ""
    if not said.exception:
        return said.message if is_of_tests(said.message, ended) else ""
    lines = ended.tests.splitlines()
    number = said.test or 0
    found = _THROWS.match(lines[number - 1]) if 0 < number <= len(lines) else None
    return found[1].strip() if found else ""
