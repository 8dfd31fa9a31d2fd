"""What an execution means: the error taxonomy, and what a reader gets to see of a failure."""

import msgspec
import pytest
from msgspec import structs

from evalsite.grading.execution import Execution, parse_report
from evalsite.grading.numbers import Errno, Signal
from evalsite.grading.verdicts import Ungraded, classify, judge, no_code, of_turns
from evalsite.languages.failures import Frame, Report
from evalsite.languages.python import PYTHON
from evalsite.rundir.edits import EditVerdict
from evalsite.rundir.schema import Problem, Program
from evalsite.rundir.taxonomy import VerdictClass

PROGRAM = "def double(x):\n    return helper(x)\n\ndef helper(x):\n    return x.y\n"
TESTS = """def check(candidate):
    assert candidate(2) == 4
    assert (
        candidate(3)
        == 6
    )

check(double)
"""
PROBLEM = Problem(task_id="Demo/0", prompt="", kind="code", entry_point="double", tests=TESTS, reference="")


def program(**changes):
    return Program(**{"problem": "Demo/0", "sample": 3, "source": PROGRAM, "rule": "fenced", **changes})


def report(exception="ValueError", *, stage="run", frames=(("<program>", 5, "helper"),), **changes):
    fields = {"errno": None, "message": "m", "line": None, "left_out": 0, **changes}
    return Report(stage=stage, exception=exception, frames=tuple(Frame(*frame) for frame in frames), **fields)


def failed(**changes):
    return Execution(**{"status": 1, "cpu_limit_s": 5.0, "memory_limit_mib": 1024, **changes})


def lacking(module, **changes):
    return report("ModuleNotFoundError", message=f"No module named '{module}'", **changes)


IN_TESTS = (("<tests>", 8, "<module>"), ("<tests>", 2, "check"))


@pytest.mark.parametrize(
    ("execution", "expected"),
    [
        (Execution(proven=True), "passed"),
        (Execution(), "early_exit"),
        (failed(), "early_exit"),
        (failed(proven=True), "early_exit"),
        (failed(proven=True, status=-11), "crashed"),
        (failed(report=report("SystemExit")), "early_exit"),
        (failed(report=report("AssertionError", frames=IN_TESTS)), "wrong_answer"),
        (failed(report=report("AssertionError")), "runtime_error"),
        (failed(report=report("NameError")), "runtime_error"),
        (failed(report=report("KeyboardInterrupt")), "runtime_error"),
        (failed(report=report("SyntaxError", stage="compile", frames=(), line=1)), "syntax_error"),
        (failed(report=report("UnicodeEncodeError", stage="compile", frames=())), "syntax_error"),
        (failed(report=report("MemoryError", stage="compile", frames=()), peak_mib=20.0), "syntax_error"),
        (failed(report=report("MemoryError", stage="compile", frames=()), peak_mib=900.0), "memory_limit"),
        (failed(report=report("SyntaxError")), "runtime_error"),
        (failed(report=lacking("pandas")), "missing_module"),
        (failed(report=lacking("pandas", frames=IN_TESTS)), "runtime_error"),
        (failed(report=lacking("pandas", frames=())), "runtime_error"),
        (failed(report=lacking("os.nothing")), "runtime_error"),
        (failed(report=lacking("tkinter")), "runtime_error"),
        (failed(report=report("ImportError", message="No module named 'pandas'")), "runtime_error"),
        (failed(report=report("MemoryError")), "memory_limit"),
        (failed(report=report("OSError", errno=Errno.ENOMEM)), "memory_limit"),
        (failed(report=report("OSError", errno=Errno.ENOSPC)), "file_limit"),
        (failed(report=report("OSError", errno=Errno.EFBIG)), "file_limit"),
        (failed(report=report("OSError", errno=Errno.EMFILE)), "file_limit"),
        (failed(report=report("BlockingIOError", errno=Errno.EAGAIN)), "process_limit"),
        (failed(report=report("RuntimeError", message="can't start new thread")), "process_limit"),
        (failed(report=report("PermissionError", errno=Errno.EACCES)), "sandbox_violation"),
        (failed(report=report("OSError", errno=Errno.EROFS)), "sandbox_violation"),
        (failed(report=report("PermissionError")), "runtime_error"),
        (failed(report=report("FileNotFoundError", errno=2)), "runtime_error"),
        (failed(status=-Signal.SIGSYS), "sandbox_violation"),
        (failed(status=-Signal.SIGSEGV), "crashed"),
        (failed(status=-Signal.SIGXCPU), "timeout"),
        (failed(status=-Signal.SIGXFSZ), "file_limit"),
        (failed(status=-Signal.SIGKILL, cpu_s=5.0), "timeout"),
        (failed(status=-Signal.SIGKILL, cpu_s=1.0), "crashed"),
        (failed(cause="wall", status=-9), "timeout"),
        (failed(cause="output", status=-9, proven=True), "output_limit"),
        (failed(cause="worker"), "crashed"),
        (failed(status=-Signal.SIGXCPU, peak_mib=1000.0), "memory_limit"),
        (failed(status=-Signal.SIGXCPU, peak_mib=800.0), "timeout"),
    ],
)
def test_every_end_has_its_class(execution, expected):
    """One class for each way a program can end; a proof counts only with a clean exit."""
    assert classify(execution, PYTHON.failures) is VerdictClass(expected)


def test_a_truncated_answer_that_fails_is_truncated_whatever_went_wrong():
    """The token limit is the model's failure, not the program's; a program that passes all the same has
    passed.
    """
    cut = program(truncated=True)
    assert judge(cut, PROBLEM, failed(report=report())).verdict is VerdictClass.TRUNCATED
    assert judge(cut, PROBLEM, Execution(proven=True)).verdict is VerdictClass.PASSED
    assert no_code(cut, PROBLEM).verdict is VerdictClass.TRUNCATED
    assert no_code(program(source=" \n"), PROBLEM).verdict is VerdictClass.NO_CODE


def test_a_failed_test_is_shown_as_it_stands_in_the_tests():
    """The statement that failed, all its lines; the traceback holds program and tests only."""
    frames = (
        ("<tests>", 8, "<module>"),
        ("<tests>", 4, "check"),
        ("<program>", 2, "double"),
        ("<program>", 5, "helper"),
    )
    verdict = judge(
        program(), PROBLEM, failed(report=report("AttributeError", frames=frames, message="no y"))
    )
    assert verdict.failed_test == "assert (\n        candidate(3)\n        == 6\n    )"
    assert verdict.line == 5
    assert verdict.exception == "AttributeError"
    assert verdict.message == "no y"
    assert verdict.traceback.splitlines() == [
        "Traceback (most recent call last):",
        '  File "<tests>", line 8, in <module>',
        "    check(double)",
        '  File "<tests>", line 4, in check',
        "    candidate(3)",
        '  File "<program>", line 2, in double',
        "    return helper(x)",
        '  File "<program>", line 5, in helper',
        "    return x.y",
        "AttributeError: no y",
    ]
    assert (verdict.problem, verdict.sample, verdict.rule, verdict.program) == (
        "Demo/0",
        3,
        "fenced",
        PROGRAM,
    )


def test_a_syntax_error_has_its_line():
    """The line is the one of the program that Python could not read."""
    shown = report("SyntaxError", stage="compile", frames=(), line=2, message="invalid syntax")
    verdict = judge(program(), PROBLEM, failed(report=shown))
    assert verdict.line == 2
    assert (
        verdict.traceback == '  File "<program>", line 2\n    return helper(x)\nSyntaxError: invalid syntax'
    )


def test_a_passed_sample_keeps_nothing_of_a_failure():
    """Even where the program has written a report."""
    verdict = judge(program(), PROBLEM, Execution(proven=True, report=report()), shared_with=1)
    assert (verdict.verdict, verdict.exception, verdict.traceback, verdict.line) == ("passed", "", "", None)
    assert verdict.shared_with == 1


def test_frames_left_out_are_counted():
    """A recursion shows its beginning and its end."""
    frames = tuple(("<program>", 2, "double") for _ in range(30))
    text = PYTHON.failures.traceback(report("RecursionError", frames=frames, left_out=970), PROGRAM, TESTS)
    assert "  [970 frames left out]" in text
    assert text.count('File "<program>", line 2') == 30


def test_a_forged_report_stays_small_in_its_verdict():
    """Thousands of frames that point at one long line, and a long message: not a page of 10 MB."""
    source = "x = '" + "\U0001f600" * 2000 + "'\n"
    fields = [
        "run",
        "E" * 9000,
        "",
        "\U0001f600" * 9000,
        "",
        "0",
        *4 * ["\U0001f600" * 9000],
        *["<program>", "1", "f" * 300] * 4000,
    ]
    found = parse_report("\x1f".join(fields).encode())
    verdict = judge(program(source=source), PROBLEM, failed(report=found, output="x" * 4096))
    assert verdict.verdict == "runtime_error"
    assert len(msgspec.json.encode(structs.replace(verdict, program=""))) < 64 << 10
    assert verdict.traceback.count("<program>") > 1


@pytest.mark.parametrize("file", ["<program>", "<tests>"])
@pytest.mark.parametrize("line", [-(10**9), -1, 0, 1, 5, 8, 9, 10**9])
def test_a_forged_line_ends_nothing(file, line):
    """A frame may name any line: the traceback shows those that there are."""
    shown = judge(program(), PROBLEM, failed(report=report(frames=((file, line, "f"),))))
    source = (PROGRAM if file == "<program>" else TESTS).splitlines()
    there = [f"    {source[line - 1].strip()}"] if 0 < line <= len(source) else []
    assert shown.traceback.splitlines()[2:-1] == there
    forged = report("SyntaxError", stage="compile", frames=(), line=line)
    assert judge(program(), PROBLEM, failed(report=forged)).traceback.startswith(
        f'  File "<program>", line {line}\n'
    )


def test_the_innermost_line_of_the_program_is_the_one_that_is_named():
    """Of several frames, the last that is the program's."""
    frames = (("<program>", 2, "double"), ("<program>", 5, "helper"), ("<tests>", 4, "check"))
    assert judge(program(), PROBLEM, failed(report=report(frames=frames))).line == 5
    assert judge(program(), PROBLEM, failed(report=report(frames=frames[2:]))).line is None


@pytest.mark.parametrize(
    ("execution", "message"),
    [
        (failed(status=0), "left with status 0 before the last test"),
        (failed(status=3), "left with status 3 before the last test"),
        (failed(status=0, report=report("SystemExit", message="0")), "0"),
        (failed(status=-Signal.SIGSEGV), "killed by SIGSEGV"),
        (failed(status=-200), "killed by signal 200"),
        (
            failed(cause="wall", status=-9, wall_s=31.6, cpu_s=0.26),
            "still running after 32 s (0.3 s of CPU time)",
        ),
        (failed(cause="cpu", status=-9), "used up its 5 s of CPU time"),
        (failed(cause="output", status=-9), "wrote more than it may"),
        (failed(cause="worker"), "the sandbox ended with it, again and again"),
        (
            failed(status=-Signal.SIGXCPU, peak_mib=1000.4),
            "used 1000 MiB, nearly all that it may, and ran out of time",
        ),
    ],
)
def test_every_end_has_its_message(execution, message):
    """What the program said, or what the sandbox did."""
    assert judge(program(), PROBLEM, execution).message == message


@pytest.mark.parametrize(
    ("cpu_s", "expected"), [(4.89, "crashed"), (4.9, "timeout"), (2.6, "crashed"), (5.4, "timeout")]
)
def test_a_kill_just_before_the_limit_is_a_timeout(cpu_s, expected):
    """The kernel's own limit stands behind ours, and counts by clock ticks: 98 % of it are enough."""
    execution = failed(status=-Signal.SIGKILL, cpu_s=cpu_s)
    assert classify(execution, PYTHON.failures) is VerdictClass(expected)
    without = failed(status=-Signal.SIGKILL, cpu_s=cpu_s, cpu_limit_s=0.0)
    assert classify(without, PYTHON.failures) is VerdictClass.CRASHED


@pytest.mark.parametrize(
    ("execution", "expected"),
    [
        (failed(status=-Signal.SIGXCPU, memory_limit_mib=1000, peak_mib=900.0), "timeout"),
        (failed(status=-Signal.SIGXCPU, memory_limit_mib=1000, peak_mib=900.1), "memory_limit"),
        (failed(status=-Signal.SIGXCPU, memory_limit_mib=1000), "timeout"),
        (failed(status=-Signal.SIGXCPU, memory_limit_mib=0, peak_mib=900.0), "timeout"),
    ],
)
def test_nearly_all_memory_is_more_than_nine_tenths(execution, expected):
    """Of a limit that there is, and of a use that was measured."""
    assert classify(execution, PYTHON.failures) is VerdictClass(expected)


@pytest.mark.parametrize(("measured", "kept"), [(None, None), (0.0, 0.0), (12.3456, 12.3)])
def test_the_memory_used_is_kept_to_a_tenth(measured, kept):
    """Rows stay short, and None is not nothing."""
    assert judge(program(), PROBLEM, failed(peak_mib=measured)).peak_mib == kept


def test_a_second_answer_that_could_not_be_judged_has_no_verdict_and_one_without_an_edit_stays():
    """The first one's edit is taken over where both are there, with what either came to."""
    plain = judge(program(), PROBLEM, failed())
    edited = structs.replace(plain, edit=EditVerdict(format="whole"), verdict=VerdictClass.PASSED)
    ungraded = Ungraded("Demo/0", 3, "memory")
    assert of_turns(edited, ungraded) is ungraded
    assert of_turns(plain, plain) is plain
    both = of_turns(edited, plain)
    assert (both.verdict, both.edit.turns) == (plain.verdict, (VerdictClass.PASSED, plain.verdict))
