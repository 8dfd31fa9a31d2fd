"""What g++, and programs that it has made, tell of a failure."""

import re

from evalsite.languages.failures import PROGRAM, TESTS, Ended, Frame, OfTools, Report, is_of_tests

_FILE = rf"(?P<file>{PROGRAM}|{TESTS})"
_ASSERTION = re.compile(rf"{_FILE}:(?P<line>\d{{1,9}}): .*?Assertion `(?P<message>.*)' failed\.", re.DOTALL)
_THROWN = re.compile(r"terminate called after throwing an instance of '([^'\n]+)'(?:\n\s*what\(\):\s*(.*))?")
_NO_MEMORY = re.compile(r"std::bad_alloc|std::bad_array_new_length")


class CppFailures(OfTools):
    """Assertions and uncaught exceptions end in SIGABRT, and what was written before says why."""

    error = re.compile(
        rf"^{_FILE}:(?P<line>\d{{1,9}}):(?:\d+:)? (?:fatal )?error: (?P<message>.*)$", re.MULTILINE
    )
    no_module = re.compile(r"fatal error: ([^\s:]{1,200}): (?:No such file or directory|Permission denied)")
    """The second where the sandbox hides what is there."""

    def of_program(self, ended: Ended) -> Report | None:
        """An assertion that failed, or an exception that nobody caught."""
        if found := _ASSERTION.search(ended.output):
            line = int(found["line"])
            if found["file"] == PROGRAM:
                frame = Frame(file=PROGRAM, line=line, function="")
                return _report("run", "Assertion", found["message"], frame)
            return _report(
                "assertion", "AssertionError", found["message"], Frame(file=TESTS, line=line, function="")
            )
        if found := _THROWN.search(ended.output):
            message = found[2] or ""
            if _NO_MEMORY.search(found[1]):
                return _report("memory", found[1], message)
            return _report("assertion" if is_of_tests(message, ended) else "run", found[1], message)
        return None


def _report(stage: str, exception: str, message: str, *frames: Frame) -> Report:
    return Report(stage=stage, exception=exception, message=message, frames=frames, explains_signal=True)
