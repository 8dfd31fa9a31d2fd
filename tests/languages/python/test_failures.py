"""What is read out of a report of Python's."""

import errno

import pytest

from evalsite.languages.failures import PROGRAM, TESTS, Frame, Report
from evalsite.languages.python import PYTHON
from evalsite.languages.python.failures import expected_by, statement_at


def test_statements_of_broken_or_huge_tests_are_single_lines():
    """Where tests can't be parsed in reasonable time, the line itself is shown."""
    assert statement_at("assert (", 1) == "assert ("
    huge = "x = 1\n" + "# filling\n" * 30_000 + "assert x == (\n  2)"
    assert statement_at(huge, 30_002) == "assert x == ("
    assert statement_at("x = 1", 99) == ""


ASSERTIONS = {
    "assert f(1) == 2": ["2"],
    "assert [1, 2] == f(1)": ["[1, 2]"],
    "assert f(1) is None": ["None"],
    "assert f(1) == y": ["7"],
    "assert x == y": ["7", "5"],
    "assert f(1) == z": [],
    "assert f(1) == g(2)": [],
    "assert f(1) == y + 1": [],
    "assert 1 == 2": [],
    "assert f(1) != 2": [],
    "assert 1 < f(1) == 2": [],
    "assert not f(1)": ["False"],
    "assert not x": [],
    "assert f(1)": ["True"],
    "assert x": [],
    "f(1)": [],
    "assert (": [],
    "assert f(1) == 2; assert f(2) == 3": [],
    f"assert f(1) == '{'x' * 50_000}'": [],
}


@pytest.mark.parametrize("statement", ASSERTIONS)
def test_what_an_assertion_expects_is_read_in_it(statement):
    """A literal, or what a name of the test has; nothing where that is to be computed."""
    assert expected_by(statement, {"x": "5", "y": "7"}) == ASSERTIONS[statement]


STATEMENTS = """def check(f):
    for x in (1, 2):
        assert f(
            x
        ) == 2

check(f)
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (0, ""),
        (2, "for x in (1, 2):"),
        (3, "assert f(\n            x\n        ) == 2"),
        (4, "assert f(\n            x\n        ) == 2"),
        (5, "assert f(\n            x\n        ) == 2"),
        (7, "check(f)"),
        (8, ""),
    ],
)
def test_a_statement_is_told_whole_and_of_a_block_its_line_alone(line, told):
    """Lines count from 1."""
    assert statement_at(STATEMENTS, line) == told
    assert statement_at("if x: a = [1,\n2]; b = 1", 2) == "2]; b = 1"


def report(*frames, **fields):
    """The report of an exception."""
    told = {"stage": "run", "exception": "AssertionError", "message": "no", **fields}
    return Report(frames=tuple(Frame(file=f, line=n, function=name) for f, n, name in frames), **told)


def test_the_failed_test_is_that_of_check_where_there_is_one():
    """A helper's own assertion would tell nothing; without such a frame it is the innermost."""
    failures, tests = PYTHON.failures, "def check():\n    helper()\ndef helper():\n    assert ok\ncheck()"
    frames = (TESTS, 5, "<module>"), (TESTS, 2, "check"), (TESTS, 4, "helper"), (PROGRAM, 1, "f")
    assert failures.failed_test(report(*frames), tests) == "helper()"
    assert failures.failed_test(report(frames[0], frames[2]), tests) == "assert ok"
    assert failures.failed_test(report(frames[3]), tests) == ""


def test_a_traceback_is_told_as_python_does():
    """Frames with their lines, what was left out in its place, the line of a syntax error, the exception."""
    frames = [(TESTS, 1, "<module>"), *[(PROGRAM, 2, "f")] * 20, (PROGRAM, 9, "a\nb")]
    told = PYTHON.failures.traceback(report(*frames, left_out=7), "x\n  f()\n", "f(1)").split("\n")
    assert told[:7] == [
        "Traceback (most recent call last):",
        f'  File "{TESTS}", line 1, in <module>',
        "    f(1)",
        f'  File "{PROGRAM}", line 2, in f',
        "    f()",
        "  [7 frames left out]",
        f'  File "{PROGRAM}", line 2, in f',
    ]
    assert told[-2:] == [f'  File "{PROGRAM}", line 9, in a b', "AssertionError: no"]
    broken = report(exception="SyntaxError", message="bad", line=2)
    assert PYTHON.failures.traceback(broken, "x\n  f(\n", "") == (
        f'  File "{PROGRAM}", line 2\n    f(\nSyntaxError: bad'
    )
    assert (
        PYTHON.failures.traceback(report(line=0), "x", "")
        == f'  File "{PROGRAM}", line 0\nAssertionError: no'
    )


CALLS = {
    "told by our judges": (("f(1)", "2", "3", ""), ("f(1)", "2", "3")),
    "read in the statement": (("f(1)", "", "3", ""), ("f(1)", "7", "3")),
    "read by its name": (("f(1)", "", "3", "y=8=8\nz\nx=1"), ("f(1)", "7", "3")),
    "it raised": (("f(1)", "2", "", ""), ("f(1)", "2", "raised AssertionError")),
    "it is long": (
        ("f" * 600, "2" * 600, "3" * 600, ""),
        ("f" * 500 + " …", "2" * 500 + " …", "3" * 500 + " …"),
    ),
    "what it gave is no expectation": (("f(1)", "", "7", ""), ("f(1)", "", "7")),
    "no call": (("", "2", "3", ""), None),
    "nothing": ((), None),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_failing_call_has_what_was_expected_and_given(case):
    """Where nobody told what was expected, the statement that failed may say it."""
    failing, told = CALLS[case]
    found = PYTHON.failures.failing_call(report((TESTS, 1, "<module>"), failing=failing), "assert f(1) == 7")
    assert (found and (found.call, found.expected, found.got)) == told
    named = report((TESTS, 1, "<module>"), failing=("f(1)", "", "3", "z\ny=a=b"))
    assert PYTHON.failures.failing_call(named, "assert f(1) == y").expected == "a=b"


def raised(exception, *, stage="run", files=(), message="", **fields):
    """An exception that came through frames of these files."""
    frames = tuple(Frame(file, 1, "f") for file in files)
    return Report(stage=stage, exception=exception, message=message, frames=frames, **fields)


CLASSES = [
    (raised("SyntaxError"), "syntax_error"),
    (raised("IndentationError"), "syntax_error"),
    (raised("SyntaxError", files=[PROGRAM]), None),
    (raised("ValueError"), None),
    (raised("ValueError", stage="compile"), "syntax_error"),
    (raised("SystemExit", files=[PROGRAM]), "early_exit"),
    (raised("GeneratorExit"), "early_exit"),
    (raised("AssertionError", files=[TESTS, PROGRAM]), None),
    (raised("AssertionError", files=[PROGRAM, TESTS]), "wrong_answer"),
    (raised("AssertionError"), None),
    (raised("MemoryError"), "memory_limit"),
    (raised("MemoryError", stage="tests"), None),
    (raised("ModuleNotFoundError", files=[PROGRAM], message="No module named 'far'"), "missing_module"),
    (raised("ModuleNotFoundError", files=[PROGRAM], message="No module named 'far.off'"), None),
    (raised("ModuleNotFoundError", files=[PROGRAM], message="No module named 'json'"), None),
    (raised("ModuleNotFoundError", files=[TESTS], message="No module named 'far'"), None),
    (raised("ModuleNotFoundError", message="No module named 'far'"), None),
    (raised("ImportError", files=[PROGRAM], message="No module named 'far'"), None),
    (raised("BlockingIOError", errno=errno.EAGAIN), "process_limit"),
    (raised("BlockingIOError", errno=errno.EPIPE), None),
    (raised("OSError", errno=errno.EAGAIN), None),
    (raised("RuntimeError", message="can't start new thread"), "process_limit"),
]


@pytest.mark.parametrize(("told", "verdict"), CLASSES)
def test_an_exception_is_classed_by_its_type_and_by_where_it_was_raised(told, verdict):
    """None: a runtime error, of which nothing more is known."""
    assert PYTHON.failures.classify(told, short_of_memory=False) == verdict


def test_want_of_memory_while_tests_compile_is_the_samples_where_memory_is_short():
    """Else the tests are at fault."""
    told = raised("MemoryError", stage="tests")
    assert PYTHON.failures.classify(told, short_of_memory=True) == "memory_limit"
