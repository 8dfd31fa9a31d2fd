"""What is told of a failure: values in short, and what a failing assertion got."""

import pytest

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside.python_reports import in_short
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
