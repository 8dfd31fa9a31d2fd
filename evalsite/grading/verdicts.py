"""Execution -> Verdict. The error taxonomy lives here."""

from dataclasses import dataclass

from msgspec import UNSET, structs

from evalsite import __version__
from evalsite.grading.execution import Execution
from evalsite.grading.inside.messages import TESTS_SHARE
from evalsite.grading.numbers import Errno, Signal
from evalsite.kinds import kind_of
from evalsite.kinds.editing import NO_EDIT_BY, edit_of
from evalsite.languages import language_of
from evalsite.languages.failures import Failures, Report, one_line
from evalsite.rundir.answers import hash_tests
from evalsite.rundir.schema import Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass

_VIOLATIONS = frozenset({Errno.EPERM, Errno.EACCES, Errno.EROFS})
_NO_SPACE = frozenset({Errno.ENOSPC, Errno.EFBIG, Errno.EDQUOT, Errno.EMFILE, Errno.ENFILE})


_MAY_BE_THE_COMPILERS = frozenset({VerdictClass.CRASHED, VerdictClass.TIMEOUT})
"""What a program can end in before it began, if its source is one that the language's compiler does not
survive.
"""


@dataclass(frozen=True)
class Ungraded:
    """A sample that could not be judged here: the machine gives less than a sample may have."""

    problem: str
    sample: int
    reason: str
    """Whose limit it met."""


def judge(
    program: Program, problem: Problem, execution: Execution, *, shared_with: int | None = None
) -> Verdict:
    """Say what an execution means for one sample.

    ``shared_with`` names the sample whose execution this is, where another one had the same program.
    """
    language = language_of(problem)
    failures = language.failures
    kind = kind_of(problem)
    tests, source = kind.judging(problem).tests, kind.source_of(problem, program.source)
    found = classify(execution, failures)
    refusal = language.reading.refusal(source) if found in _MAY_BE_THE_COMPILERS else ""
    found = verdict = VerdictClass.SYNTAX_ERROR if refusal else found
    if program.truncated and verdict is not VerdictClass.PASSED:
        verdict = VerdictClass.TRUNCATED
    if program.agent and verdict is not VerdictClass.PASSED:
        verdict = program.agent.ending
    passed = verdict is VerdictClass.PASSED
    report = None if passed else execution.report
    return Verdict(
        problem=program.problem,
        sample=program.sample,
        verdict=verdict,
        exception=one_line(report.exception) if report else "",
        message=refusal or _message(execution, found),
        module=failures.missing_module(report) if report and verdict is VerdictClass.MISSING_MODULE else "",
        traceback=failures.traceback(report, source, tests) if report else "",
        line=failures.program_line(report) if report else None,
        failed_test=failures.failed_test(report, tests) if report else "",
        failing=(failures.failing_call(report, tests) if report else None) or UNSET,
        parts=problem.parts if passed else tuple(part for part in problem.parts if part in execution.parts),
        output=execution.output,
        exit_status=execution.status,
        cpu_s=round(execution.cpu_s, 6),
        wall_s=round(execution.wall_s, 6),
        peak_mib=None if execution.peak_mib is None else round(execution.peak_mib, 1),
        shared_with=shared_with,
        retried=execution.retried,
        in_process=execution.in_process,
        edit=edit_of(program, problem),
        agent=program.agent,
        rule=program.rule,
        program=program.source,
        symptoms=program.symptoms,
        completion_sha256=program.completion_sha256,
        tests_sha256=hash_tests(problem),
        graded_by=__version__,
    )


def no_code(program: Program, problem: Problem) -> Verdict:
    """The verdict on a sample that holds nothing to run."""
    found = NO_EDIT_BY.get(program.rule, VerdictClass.NO_CODE)
    return Verdict(
        problem=program.problem,
        sample=program.sample,
        verdict=VerdictClass.TRUNCATED if program.truncated else found,
        message=program.why or "the answer holds no code",
        edit=edit_of(program, problem),
        rule=program.rule,
        program=program.source,
        symptoms=program.symptoms,
        completion_sha256=program.completion_sha256,
        graded_by=__version__,
    )


def of_turns(first: Verdict, second: Verdict | Ungraded) -> Verdict | Ungraded:
    """The verdict on a sample of two answers: that of the second, with the first one's edit and symptoms."""
    if isinstance(second, Ungraded) or not first.edit:
        return second
    edit = structs.replace(first.edit, turns=(first.verdict, second.verdict))
    return structs.replace(second, edit=edit, symptoms=first.symptoms)


def classify(execution: Execution, failures: Failures) -> VerdictClass:
    """The class of an execution in the language whose ``failures`` are given, the model's token limit left
    aside.

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
    if execution.status < 0 and not (execution.report and execution.report.explains_signal):
        return _by_signal(-execution.status)
    if execution.report is not None:
        return _by_exception(execution.report, execution, failures)
    return VerdictClass.EARLY_EXIT


_ENDED_FOR = {
    "output": VerdictClass.OUTPUT_LIMIT,
    "worker": VerdictClass.CRASHED,
    "tests": VerdictClass.TIMEOUT,
    "disk": VerdictClass.FILE_LIMIT,
    "many": VerdictClass.PROCESS_LIMIT,
}


_SAID_OF = {
    "output": "wrote more than it may",
    "tests": "returned what its tests do not come to an end with: they may use {tests_s:g} s of CPU time",
    "worker": "the sandbox ended with it, again and again",
    "disk": "wrote more to its folder than it may",
    "many": "had more processes and threads than it may",
}


def _ran_out_of_time(execution: Execution) -> bool:
    """Whether the sandbox ended it for that, or else the kernel did, whose limit stands behind."""
    if execution.cause in ("cpu", "wall"):
        return True
    used_up = bool(execution.cpu_limit_s) and execution.cpu_s >= execution.cpu_limit_s * 0.98
    killed = execution.status == -Signal.SIGXCPU or (execution.status == -Signal.SIGKILL and used_up)
    return killed and execution.cause not in _ENDED_FOR


def _by_signal(number: int) -> VerdictClass:
    if number == Signal.SIGSYS:
        return VerdictClass.SANDBOX_VIOLATION
    return VerdictClass.FILE_LIMIT if number == Signal.SIGXFSZ else VerdictClass.CRASHED


def _by_exception(report: Report, execution: Execution, failures: Failures) -> VerdictClass:
    found = failures.classify(report, short_of_memory=_near_memory_limit(execution, 0.5))
    if found is not None:
        return found
    if report.errno in _NO_SPACE:
        return VerdictClass.FILE_LIMIT
    if report.errno == Errno.ENOMEM:
        return VerdictClass.MEMORY_LIMIT
    if report.errno in _VIOLATIONS:
        return VerdictClass.SANDBOX_VIOLATION
    return VerdictClass.RUNTIME_ERROR


def _near_memory_limit(execution: Execution, share: float) -> bool:
    limit = execution.memory_limit_mib
    return bool(limit and execution.peak_mib is not None and execution.peak_mib > limit * share)


def _message(execution: Execution, found: VerdictClass) -> str:
    """The exception's own message, or what the sandbox has to say."""
    if found is VerdictClass.PASSED:
        return ""
    return f"compiling: {_told(execution, found)}" if execution.compiling else _told(execution, found)


def _told(execution: Execution, found: VerdictClass) -> str:
    if execution.cause == "wall" and found is VerdictClass.TIMEOUT:
        return f"still running after {execution.wall_s:.0f} s ({execution.cpu_s:.1f} s of CPU time)"
    if execution.cause in _SAID_OF:
        return _SAID_OF[execution.cause].format(tests_s=execution.cpu_limit_s * TESTS_SHARE)
    if found is VerdictClass.MEMORY_LIMIT and execution.report is None:
        return f"used {execution.peak_mib:.0f} MiB, nearly all that it may, and ran out of time"
    if _ran_out_of_time(execution):
        return f"used up its {execution.cpu_limit_s:g} s of CPU time"
    if execution.status < 0 and not (execution.report and execution.report.explains_signal):
        return f"killed by {_signal_name(-execution.status)}"
    if execution.report is not None:
        return execution.report.message
    return f"left with status {execution.status} before the last test"


def _signal_name(number: int) -> str:
    try:
        return Signal(number).name
    except ValueError:
        return f"signal {number}"
