"""Execution -> Verdict. Pure; the error taxonomy lives here."""

import ast
import errno
import functools
import signal

from evalsite.grade.execution import Execution, Frame, Report
from evalsite.grade.inside.messages import PROGRAM, TESTS
from evalsite.languages.python.syntax import parse
from evalsite.rundir.schema import Problem, Program, Verdict, VerdictClass

_VIOLATIONS = frozenset({errno.EPERM, errno.EACCES, errno.EROFS})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EMFILE, errno.ENFILE})
_CLIP = 2000
_PARSE_LIMIT = 200_000


def judge(
    program: Program, problem: Problem, execution: Execution, *, shared_with: int | None = None
) -> Verdict:
    """Say what an execution means for one sample.

    ``shared_with`` names the sample whose execution this is, where another one had the same program.
    """
    found = verdict = classify(execution)
    if program.truncated and verdict is not VerdictClass.PASSED:
        verdict = VerdictClass.TRUNCATED
    report = None if verdict is VerdictClass.PASSED else execution.report
    frames = report.frames if report else ()
    tested = _tested_at(frames)
    return Verdict(
        problem=program.problem,
        sample=program.sample,
        verdict=verdict,
        exception=_one_line(report.exception) if report else "",
        message=_message(execution, found),
        traceback=render_traceback(report, program.source, problem.tests) if report else "",
        line=_program_line(report),
        failed_test=_clip(statement_at(problem.tests, tested.line)) if tested else "",
        output=execution.output,
        exit_status=execution.status,
        cpu_s=round(execution.cpu_s, 6),
        wall_s=round(execution.wall_s, 6),
        peak_mib=None if execution.peak_mib is None else round(execution.peak_mib, 1),
        shared_with=shared_with,
        retried=execution.retried,
        rule=program.rule,
        program=program.source,
        completion_sha256=program.completion_sha256,
    )


def no_code(program: Program) -> Verdict:
    """The verdict on a sample that holds nothing to run."""
    verdict = VerdictClass.TRUNCATED if program.truncated else VerdictClass.NO_CODE
    return Verdict(
        problem=program.problem,
        sample=program.sample,
        verdict=verdict,
        message="the answer holds no code",
        rule=program.rule,
        program=program.source,
        completion_sha256=program.completion_sha256,
    )


def classify(execution: Execution) -> VerdictClass:
    """The class of an execution, the model's token limit left aside.

    Who runs out of time with nearly all memory in hand has hit the limit on memory: which of the two comes
    first depends on how busy the machine is, and the verdict must not.
    """
    if _ran_out_of_time(execution):
        near = _near_memory_limit(execution, 0.9)
        return VerdictClass.MEMORY_LIMIT if near else VerdictClass.TIMEOUT
    if execution.cause in _ENDED_FOR:
        return _ENDED_FOR[execution.cause]
    if execution.proven and execution.status == 0:
        return VerdictClass.PASSED
    if execution.status < 0:
        return _by_signal(-execution.status)
    if execution.report is not None:
        return _by_exception(execution.report, execution)
    return VerdictClass.EARLY_EXIT


_ENDED_FOR = {"output": VerdictClass.OUTPUT_LIMIT, "worker": VerdictClass.CRASHED}


def _ran_out_of_time(execution: Execution) -> bool:
    """Whether the sandbox ended it for that, or else the kernel did, whose limit stands behind."""
    if execution.cause in ("cpu", "wall"):
        return True
    used_up = bool(execution.cpu_limit_s) and execution.cpu_s >= execution.cpu_limit_s * 0.98
    killed = execution.status == -signal.SIGXCPU or (execution.status == -signal.SIGKILL and used_up)
    return killed and execution.cause not in _ENDED_FOR


def _by_signal(number: int) -> VerdictClass:
    if number == signal.SIGSYS:
        return VerdictClass.SANDBOX_VIOLATION
    return VerdictClass.FILE_LIMIT if number == signal.SIGXFSZ else VerdictClass.CRASHED


def _by_exception(report: Report, execution: Execution) -> VerdictClass:
    name = report.exception
    if name == "MemoryError" and (report.stage == "run" or _near_memory_limit(execution, 0.5)):
        return VerdictClass.MEMORY_LIMIT
    if report.stage == "compile" or (name in _SYNTAX and not report.frames):
        return VerdictClass.SYNTAX_ERROR
    if name in ("SystemExit", "GeneratorExit"):
        return VerdictClass.EARLY_EXIT
    if name == "AssertionError" and report.frames and report.frames[-1].file == TESTS:
        return VerdictClass.WRONG_ANSWER
    if (name == "BlockingIOError" and report.errno == errno.EAGAIN) or report.message.startswith(_NO_THREAD):
        return VerdictClass.PROCESS_LIMIT
    if report.errno in _NO_SPACE:
        return VerdictClass.FILE_LIMIT
    if report.errno == errno.ENOMEM:
        return VerdictClass.MEMORY_LIMIT
    if report.errno in _VIOLATIONS:
        return VerdictClass.SANDBOX_VIOLATION
    return VerdictClass.RUNTIME_ERROR


_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_NO_THREAD = "can't start new thread"


def _near_memory_limit(execution: Execution, share: float) -> bool:
    limit = execution.memory_limit_mib
    return bool(limit and execution.peak_mib is not None and execution.peak_mib > limit * share)


def _message(execution: Execution, found: VerdictClass) -> str:
    """The exception's own message, or what the sandbox has to say."""
    if found is VerdictClass.PASSED:
        return ""
    if execution.cause == "wall" and found is VerdictClass.TIMEOUT:
        return f"still running after {execution.wall_s:.0f} s ({execution.cpu_s:.1f} s of CPU time)"
    if execution.cause == "output":
        return "wrote more than it may"
    if execution.cause == "worker":
        return "the sandbox ended with it, again and again"
    if found is VerdictClass.MEMORY_LIMIT and execution.report is None:
        return f"used {execution.peak_mib:.0f} MiB, nearly all that it may, and ran out of time"
    if _ran_out_of_time(execution):
        return f"used up its {execution.cpu_limit_s:g} s of CPU time"
    if execution.status < 0:
        return f"killed by {_signal_name(-execution.status)}"
    if execution.report is not None:
        return execution.report.message
    return f"left with status {execution.status} before the last test"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _program_line(report: Report | None) -> int | None:
    if report is None:
        return None
    if report.line is not None:
        return report.line
    return next((frame.line for frame in reversed(report.frames) if frame.file == PROGRAM), None)


def _tested_at(frames: tuple[Frame, ...]) -> Frame | None:
    """The test's frame: that of ``check`` where there is one, else the innermost one of the tests.

    The innermost may be a helper whose ``assert ok`` tells nothing.
    """
    tests = [frame for frame in frames if frame.file == TESTS]
    check = [frame for frame in tests if frame.function == "check"]
    candidates = check or tests
    return candidates[-1] if candidates else None


def render_traceback(report: Report, program: str, tests: str) -> str:
    """The traceback as Python would print it, with frames of the program and the tests only."""
    text = {PROGRAM: program.splitlines(), TESTS: _lines(tests)}
    lines = ["Traceback (most recent call last):"] if report.frames else []
    for position, frame in enumerate(report.frames):
        if report.left_out and position == len(report.frames) - 20:
            lines.append(f"  [{report.left_out} frames left out]")
        lines.append(f'  File "{frame.file}", line {frame.line}, in {_one_line(frame.function)}')
        source = text[frame.file]
        if 0 < frame.line <= len(source):
            lines.append(f"    {_clip(source[frame.line - 1].strip())}")
    if report.line is not None:
        lines.append(f'  File "{PROGRAM}", line {report.line}')
        if 0 < report.line <= len(text[PROGRAM]):
            lines.append(f"    {_clip(text[PROGRAM][report.line - 1].strip())}")
    last = (
        f"{_one_line(report.exception)}: {report.message}" if report.message else _one_line(report.exception)
    )
    return "\n".join([*lines, last])


@functools.lru_cache(maxsize=64)
def _lines(tests: str) -> list[str]:
    return tests.splitlines()


@functools.lru_cache(maxsize=64)
def _statements(tests: str) -> tuple[tuple[int, int, str], ...]:
    """First line, last line and source of every simple statement, innermost last; nothing for huge tests."""
    if len(tests) > _PARSE_LIMIT:
        return ()
    try:
        tree = parse(tests)
    except (SyntaxError, ValueError):
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


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _clip(text: str) -> str:
    return text if len(text) <= _CLIP else text[:_CLIP] + " …"
