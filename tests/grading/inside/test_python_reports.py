"""What is told of a failure: values in short, and what a failing assertion got."""

import pytest
from msgspec import UNSET

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside.python_reports import in_short
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
