"""Reports of Python's exceptions: their class, their traceback, the assertion that failed."""

import ast
import errno
import functools
import re
import sys
from collections.abc import Mapping

from evalsite.languages.failures import PROGRAM, TESTS, Failures, Frame, Report, clip, clip_lines, one_line
from evalsite.languages.python.syntax import parse
from evalsite.languages.python.tame import is_tame
from evalsite.rundir.failing import FailingCall
from evalsite.rundir.taxonomy import VerdictClass

_PARSE_LIMIT = 50_000
_FRAMES_TAIL = 20
"""Frames behind those that were left out."""
_SHOWN = 500
"""Characters of a call, of what was expected of it, and of what it gave."""
_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_NO_MODULE = re.compile(r"No module named '(\w+)'")
"""With a dot in its name, the package is there, and the module in it is not: that is the program's error."""
_NO_THREAD = "can't start new thread"


class PythonFailures(Failures):
    """Reads what the sandbox tells of an exception."""

    trace_line = re.compile(rf'File "{PROGRAM}", line (\d{{1,9}})\b')

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """By the exception's type, and by where it was raised."""
        name = report.exception
        if name == "MemoryError" and (report.stage == "run" or short_of_memory):
            return VerdictClass.MEMORY_LIMIT
        if report.stage == "compile" or (name in _SYNTAX and not report.frames):
            return VerdictClass.SYNTAX_ERROR
        if name in ("SystemExit", "GeneratorExit"):
            return VerdictClass.EARLY_EXIT
        if name == "AssertionError" and report.frames and report.frames[-1].file == TESTS:
            return VerdictClass.WRONG_ANSWER
        if self.missing_module(report):
            return VerdictClass.MISSING_MODULE
        no_process = name == "BlockingIOError" and report.errno == errno.EAGAIN
        if no_process or report.message.startswith(_NO_THREAD):
            return VerdictClass.PROCESS_LIMIT
        return None

    def missing_module(self, report: Report) -> str:
        """It is the program that imports it; what the standard library calls so may be lacking in part."""
        found = _NO_MODULE.fullmatch(report.message) if report.exception == "ModuleNotFoundError" else None
        by_program = report.stage == "run" and bool(report.frames) and report.frames[-1].file == PROGRAM
        return found[1] if found and by_program and found[1] not in sys.stdlib_module_names else ""

    def traceback(self, report: Report, program: str, tests: str) -> str:
        """As Python would print it, with frames of the program and the tests only."""
        text = {PROGRAM: program.splitlines(), TESTS: _lines(tests)}
        lines = ["Traceback (most recent call last):"] if report.frames else []
        for position, frame in enumerate(report.frames):
            if report.left_out and position == len(report.frames) - _FRAMES_TAIL:
                lines.append(f"  [{report.left_out} frames left out]")
            lines.append(f'  File "{frame.file}", line {frame.line}, in {one_line(frame.function)}')
            lines += _shown(text[frame.file], frame.line)
        if report.line is not None:
            lines.append(f'  File "{PROGRAM}", line {report.line}')
            lines += _shown(text[PROGRAM], report.line)
        return "\n".join([*clip_lines(lines), super().traceback(report, program, tests)])

    def failed_test(self, report: Report, tests: str) -> str:
        """The statement in the frame of ``check`` where there is one, else in the innermost of the tests.

        The innermost may be a helper whose ``assert ok`` tells nothing.
        """
        frame = _tested_at(report.frames)
        return clip(statement_at(tests, frame.line)) if frame else ""

    def failing_call(self, report: Report, tests: str) -> FailingCall | None:
        """The last call, and what the statement that failed compares it with."""
        if not report.failing or not report.failing[0]:
            return None
        call, expected, gave, names = report.failing
        if not expected:
            frame = _tested_at(report.frames)
            statement = statement_at(tests, frame.line) if frame else ""
            known = dict(line.split("=", 1) for line in names.split("\n") if "=" in line)
            told = expected_by(statement, known)
            expected = next((each for each in told if each != gave), "")
        got = gave or f"raised {one_line(report.exception)}"
        return FailingCall(call=clip(call, _SHOWN), expected=clip(expected, _SHOWN), got=clip(got, _SHOWN))


def expected_by(statement: str, names: Mapping[str, str]) -> list[str]:
    """What an assertion may compare a call with, as source: a literal, or the value of a name of the test.

    Nothing where it compares with anything else; ``names`` are the test's, with their values in short.
    """
    try:
        (tree,) = parse(statement).body if is_tame(statement, _PARSE_LIMIT) else [ast.Pass()]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    match tree:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right])):
            return [told for told in (_told_by(right, left, names), _told_by(left, right, names)) if told]
        case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=ast.Call())):
            return ["False"]
        case ast.Assert(test=ast.Call()):
            return ["True"]
    return []


def _told_by(side: ast.expr, other: ast.expr, names: Mapping[str, str]) -> str:
    if isinstance(side, ast.Name):
        return names.get(side.id, "")
    told = any(isinstance(node, ast.Call | ast.Name) for node in ast.walk(other))
    free = not any(isinstance(node, ast.Call | ast.Name) for node in ast.walk(side))
    return ast.unparse(side) if free and told else ""


def _shown(source: list[str], line: int) -> list[str]:
    return [f"    {clip(source[line - 1].strip())}"] if 0 < line <= len(source) else []


def _tested_at(frames: tuple[Frame, ...]) -> Frame | None:
    tests = [frame for frame in frames if frame.file == TESTS]
    check = [frame for frame in tests if frame.function == "check"]
    candidates = check or tests
    return candidates[-1] if candidates else None


@functools.lru_cache(maxsize=64)
def _lines(tests: str) -> list[str]:
    return tests.splitlines()


@functools.lru_cache(maxsize=64)
def _statements(tests: str) -> tuple[tuple[int, int, str], ...]:
    """First line, last line and source of every simple statement, innermost last; nothing for huge tests."""
    if not is_tame(tests, _PARSE_LIMIT, most_depth=_PARSE_LIMIT):
        return ()
    try:
        tree = parse(tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    lines = _lines(tests)
    spans = [
        (
            node.lineno,
            node.end_lineno or node.lineno,
            "\n".join(lines[node.lineno - 1 : node.end_lineno]).strip(),
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not hasattr(node, "body")
    ]
    return tuple(spans)


def statement_at(tests: str, line: int) -> str:
    """Source of the statement of the tests that stands on a line (from 1); the line itself for huge tests."""
    covering = [span for span in _statements(tests) if span[0] <= line <= span[1]]
    if covering:
        return min(covering, key=lambda span: span[1] - span[0])[2]
    lines = _lines(tests)
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""
