"""What TypeScript's compiler tells, and node behind it."""

import re

from evalsite.languages.failures import PROGRAM, TESTS, Ended, OfTools, Report
from evalsite.languages.javascript.failures import JavaScriptFailures
from evalsite.rundir.taxonomy import VerdictClass

_SCRIPT = JavaScriptFailures()


class TypeScriptFailures(OfTools):
    """The driver tells the lines that what runs was made of."""

    error = re.compile(
        rf"^(?P<file>{PROGRAM}|{TESTS}):(?P<line>\d{{1,9}}): error: (?P<message>.*)$", re.MULTILINE
    )
    trace_line = JavaScriptFailures.trace_line
    no_module = re.compile(r"TS2307: Cannot find module '([^'\n]{1,200})'")

    def of_program(self, ended: Ended) -> Report | None:
        """As JavaScript's."""
        return _SCRIPT.report_of(ended)

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """By the compiler, or as JavaScript's."""
        if report.stage == "compile":
            return super().classify(report, short_of_memory=short_of_memory)
        return _SCRIPT.classify(report, short_of_memory=short_of_memory)

    def missing_module(self, report: Report) -> str:
        """Likewise."""
        return super().missing_module(report) or _SCRIPT.missing_module(report)
