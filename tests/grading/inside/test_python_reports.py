"""What is told of a failure: values in short, and what a failing assertion got."""

import pytest
from msgspec import UNSET

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside import python_reports
from evalsite.grading.inside.python_reports import (
    call_in_short,
    describe,
    failing_of,
    in_short,
    to_blob,
    wrong,
)
from evalsite.rundir.failing import FailingCall
from evalsite.rundir.schema import Limits, Program
from tests.make import make_problem


@pytest.fixture(scope="module")
def grader():
    """The real one."""
    with Grader(LocalExecutor(Limits(), workers=1)) as started:
        yield started


class Odd:
    """Not plain: nothing of its own is asked."""

    def __repr__(self):
        raise AssertionError("it was asked")


VALUES = {
    "None": None, "True": True, "-7": -7, "0.5": 0.5, "nan": float("nan"), "'a\\nb'": "a\nb", "b'x'": b"x",
    "[]": [], "(1,)": (1,), "{1, 2, 3}": {3, 1, 2}, "{}": {}, "{'a': [1, (2, 3)]}": {"a": [1, (2, 3)]},
    "[0, 1, 2, 3, 4, 5, ...]": list(range(10**6)), "a set of 1,000": set(range(1000)),
    "a number of 40,001 bits": 2**40_000, f"{'x' * 60!r} and more": "x" * 10**6,
    "[[[<list>]]]": [[[[[[1]]]]]], "<Odd>": Odd(), "[<Odd>]": [Odd()], "{<Odd>: 1}": {Odd(): 1},
}  # fmt: skip


@pytest.mark.parametrize("told", VALUES)
def test_a_value_is_told_in_short(told):
    """As Python writes it, cut where it is long, and of what is not plain its class alone."""
    assert in_short(VALUES[told]) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (2**239 - 1, str(2**239 - 1)),
        (2**239, "a number of 240 bits"),
        ("x" * 60, repr("x" * 60)),
        (b"x" * 61, f"{b'x' * 60!r} and more"),
        (list(range(6)), "[0, 1, 2, 3, 4, 5]"),
        ((1, 2), "(1, 2)"),
        (frozenset(range(7)), "a frozenset of 7"),
        ({1, 2, 3, 4, 5, 6}, "{1, 2, 3, 4, 5, 6}"),
        (dict.fromkeys(range(7)), "{0: None, 1: None, 2: None, 3: None, 4: None, 5: None, ...}"),
        ({1: {2: {3: {4: 5}}}}, "{1: {2: {3: <dict>}}}"),
        (type("N" * 201, (), {})(), f"<{'N' * 200}>"),
    ],
    ids=[
        "a large number", "a larger one", "a text", "a longer one", "a list", "a pair", "a large set",
        "a set", "a large table", "a deep table", "a long name",
    ],
)  # fmt: skip
def test_a_value_is_cut_where_it_is_long(value, told):
    """Up to there it is told whole."""
    assert in_short(value) == told


def test_more_is_told_of_what_is_expected():
    """Twenty-four items."""
    assert in_short(list(range(24)), most=24) == str(list(range(24)))
    assert in_short(list(range(25)), most=24) == str(list(range(24)))[:-1] + ", ...]"
    error = wrong("told", "f(1)", list(range(24)), "x")
    assert failing_of(error, "other", 1, True) == ("f(1)", str(list(range(24))), "'x'", "")
    assert call_in_short([1, "a"], {"key": [2]}) == "(1, 'a', key=[2])"
    assert call_in_short([]) == "()"


def raised(source, file="<tests>", **names):
    """What running a text raises."""
    try:
        exec(compile(source, file, "exec"), names)
    except BaseException as exc:
        return exc
    raise AssertionError("nothing")


def test_names_of_the_innermost_test_are_told_with_their_values():
    """The last twelve that are short; an error that only looks like one of ours has no say."""
    many = "".join(f"v{number} = {number}\n" for number in range(14))
    exc = raised(
        "def check(f):\n    _own = 1\n    long = 'x' * 50, 'y' * 50\n    f()\ncheck(fail)",
        fail=lambda: 1 / 0,
    )
    told = ("f(1)", "", "[3]", f"f=<function>\nlong=('{'x' * 50}', '{'y' * 50}')")
    assert failing_of(exc, "f(1)", [3], True) == told
    assert failing_of(exc, "f(1)", [3], False)[2] == ""
    lines = failing_of(raised(f"{many}1 / 0"), "", None, True)[3].split("\n")
    assert lines == [f"v{number}={number}" for number in range(2, 14)]
    assert failing_of(raised("1 / 0", "<program>", x=1), "f", 1, True)[3] == ""
    forged = type("Forged", (AssertionError,), {})()
    vars(forged)[python_reports._FAILING] = ("a", "b", "c", "d")
    assert failing_of(forged, "f", 1, True) == ("f", "", "1", "")
    long = raised(f"a = {['x' * 46] * 6!r}\nb = {['x' * 47] * 6!r}\n1 / 0")
    assert [len(line) for line in failing_of(long, "", 1, True)[3].split("\n")] == [2 + 300]


class UnspeakableError(Exception):
    """Has no words."""

    def __str__(self):
        raise KeyError


ERRORS = {
    "an error": ("run", ValueError("no"), ["run", "ValueError", "", "no", ""]),
    "of the system": ("run", OSError(13, "no"), ["run", "PermissionError", "13", "[Errno 13] no", ""]),
    "of no number": ("run", OSError("no"), ["run", "OSError", "", "no", ""]),
    "of a syntax": (
        "compile", SyntaxError("bad", ("<program>", 3, 1, "x")), ["compile", "SyntaxError", "", "bad", "3"],
    ),
    "of another file's": (
        "compile", SyntaxError("bad", ("<tests>", 3, 1, "x")), ["compile", "SyntaxError", "", "bad", ""],
    ),
    "of the tests": (
        "tests", SyntaxError("bad", ("<tests>", 3, 1, "x")), ["tests", "SyntaxError", "", "bad", "3"],
    ),
    "without words": (
        "run", UnspeakableError(), ["run", "UnspeakableError", "", "<its __str__ raised KeyError>", ""],
    ),
    "of many words": ("run", ValueError("x" * 4001), ["run", "ValueError", "", "x" * 4000, ""]),
    "with a separator": ("run", ValueError("a\x1fb\udc80"), ["run", "ValueError", "", "a b\\udc80", ""]),
    "with a long name": ("run", type("E" * 201, (Exception,), {})(), ["run", "E" * 200, "", "", ""]),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_described_by_its_fields(case):
    """Which are no more than there are, and no longer."""
    stage, exc, head = ERRORS[case]
    frames = [["<program>", 3, "f" * 201], ["<tests>", 1, "check"]]
    told = describe(stage, exc, frames, 7, ("call", "1", "2", "names"))
    assert told == [
        *head,
        "7",
        "call",
        "1",
        "2",
        "names",
        "<program>",
        "3",
        "f" * 200,
        "<tests>",
        "1",
        "check",
    ]
    assert describe(stage, exc, [], 0)[5:] == ["0", "", "", "", ""]


def test_a_report_is_a_text_of_bounded_length():
    """Whatever is in it."""
    assert to_blob(["a", 1, "\udc80"]) == b"a\x1f1\x1f\\udc80"
    assert len(to_blob(["x" * 100_000])) == 1 << 16


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return None", "the last call returned None"),
        ("return [x, {'a': 1}]", "the last call returned [2, {'a': 1}]"),
        ("return x + 1", "the last call returned 3"),
        ("assert x > 5", ""),
        ("assert x > 5, 'too small'", "too small"),
        ("raise ValueError('no')", "no"),
        ("return type('Own', (), {})()", "the last call returned <Own>"),
    ],
)
def test_a_failing_assertion_says_what_it_got(grader, body, message):
    """That of the tests; the program's own says what it says."""
    problem = make_problem()
    source = f"def double(x):\n    {body}\n"
    (verdict,) = grader.grade([Job(Program(problem="Demo/0", sample=0, source=source, rule=""), problem)])
    assert verdict.message == message


@pytest.mark.sandbox
def test_an_assertion_that_speaks_for_itself_is_left_as_it_is(grader):
    """And so is one before which nothing was called."""
    for tests, message in (("assert double(2) == 5, 'five'\n", "five"), ("assert not double\n", "")):
        problem = make_problem(tests=tests)
        program = Program(problem="Demo/0", sample=0, source=problem.reference, rule="")
        (verdict,) = grader.grade([Job(program, problem)])
        assert (verdict.verdict, verdict.message) == ("wrong_answer", message)


FAILING = {
    "a literal": ("assert double(2) == 5", "return x + 1", ("double(2)", "5", "3")),
    "what stands first": ("assert [5] == double(2)", "return [x]", ("double(2)", "[5]", "[2]")),
    "a name of the test": (
        "for x, y in [(1, 2), (2, 5)]:\n    assert double(x) == y",
        "return 2 * x",
        ("double(2)", "5", "4"),
    ),
    "what it was kept as": ("got = double(2)\nassert got == 5", "return 4", ("double(2)", "5", "4")),
    "named arguments": ("assert double(x='a') == 'b'", "return x", ("double(x='a')", "'b'", "'a'")),
    "truth": ("assert double(2)", "return 0", ("double(2)", "True", "0")),
    "a condition": ("assert abs(double(2) - 5) < 1", "return 4", ("double(2)", "", "4")),
    "nothing comes": (
        "assert double(2) == 4", "raise ValueError('no')", ("double(2)", "4", "raised ValueError"),
    ),
    "it is long": ("assert double('x' * 99) == 4", "return x * 99", (
        f"double({'x' * 60!r} and more)", "4", f"{'x' * 60!r} and more",
    )),
    "all of a list": ("assert double(2) == []", "return list(range(20))", (
        "double(2)", "[]", str(list(range(20))),
    )),
    "it forges": ("assert double(2) == 5", "return '5\\x1f5\\n<script>'", (
        "double(2)", "5", r"'5\x1f5\n<script>'",
    )),
    "it is one of its own": (
        "assert double(2) == 5",
        "class Five:\n        __repr__ = lambda self: '5'\n    return Five()",
        ("double(2)", "5", "<Five>"),
    ),
}  # fmt: skip


@pytest.mark.sandbox
@pytest.mark.parametrize("case", FAILING)
def test_a_failing_test_says_what_was_asked_expected_and_given(grader, case):
    """In Python's words, shortened; a value is told and not believed, so nothing passes for what it says."""
    tests, body, (call, expected, got) = FAILING[case]
    problem = make_problem(tests=f"{tests}\n")
    source = f"def double(x):\n    {body}\n"
    (verdict,) = grader.grade([Job(Program(problem="Demo/0", sample=0, source=source, rule=""), problem)])
    assert verdict.verdict != "passed"
    assert verdict.failing == FailingCall(call=call, expected=expected, got=got)


@pytest.mark.sandbox
def test_who_calls_nothing_names_no_call(grader):
    """A program that fails by itself, before any test."""
    problem = make_problem()
    program = Program(problem="Demo/0", sample=0, source="1 / 0\n", rule="")
    (verdict,) = grader.grade([Job(program, problem)])
    assert (verdict.exception, verdict.failing) == ("ZeroDivisionError", UNSET)
