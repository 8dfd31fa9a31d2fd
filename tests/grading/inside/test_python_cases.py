"""Tests that are data: what a program prints held against what it should, and classes of ``unittest``."""

import json
import unittest

import pytest

from evalsite.grading.inside import python_cases
from evalsite.grading.inside.python_cases import judge_pairs, prints_alike, run_cases


@pytest.mark.parametrize(
    ("printed", "wanted", "alike"),
    [
        ("a\nb", "a\nb\n", True), ("  a \n b", "a\nb", True), ("\n\na\n", "a", True),
        ("a\n\nb", "a\nb", False),
        ("1.0 2", "1 2.00", True), ("1e2", "100", True), ("1.0", "1.01", False), ("1 2", "12", False),
        ("a 1.0", "a 1", False), ("1.0", "a", False), ("a", "1.0", False), ("", "", True), ("a", "", False),
        ("0.1", "0.10000000000000001", False), ("1  2", "1 2", True), ("a  b", "a b", False),
    ],
)  # fmt: skip
def test_lines_are_alike_but_for_blanks_around_them_and_how_numbers_are_written(printed, wanted, alike):
    """And nothing else."""
    assert prints_alike(printed, wanted) is alike


class Side:
    """A program that prints what it is told to."""

    def __init__(self, *prints):
        self.prints = list(prints)
        self.asked = []

    def ask(self, *question):
        self.asked.append(question)
        return self.prints.pop(0)


def test_a_program_is_run_with_each_input_until_it_prints_something_else(monkeypatch):
    """Which is told with the input, what was printed and what was right."""
    cases = json.dumps([{"input": text, "output": text.upper()} for text in ("a", "b", "c")])
    side = Side("A", "B\n", "C")
    monkeypatch.setattr(python_cases.mirrors, "speaking", lambda: side)
    judge_pairs(cases, 3)
    assert side.asked == [("script", "a", 3), ("script", "b", 3), ("script", "c", 3)]
    for wrong in ("b", None, b"B"):
        side = Side("A", wrong, "C")
        with pytest.raises(AssertionError) as caught:
            judge_pairs(cases, 3)
        assert str(caught.value) == f"with input 'b' it printed {wrong!r}, not 'B' (case 1)"
        assert len(side.asked) == 2


def case_of(**methods):
    """A class of test cases."""
    return type("Case", (unittest.TestCase,), methods)


def failing(exception):
    def method(self):
        raise exception

    return method


def passing(self):
    pass


def in_part(self):
    for number in range(3):
        with self.subTest(number):
            assert number != 1, "in part"


FIRST, SECOND = AssertionError("first"), ValueError("second")


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        ({"test_a": passing}, None),
        ({"test_a": failing(FIRST), "test_b": failing(SECOND)}, "first"),
        ({"test_a": passing, "test_b": failing(SECOND), "test_c": failing(FIRST)}, "second"),
        ({"test_a": in_part}, "in part"),
        ({"test_a": unittest.expectedFailure(lambda self: None)}, "is expected to fail"),
        ({"test_a": unittest.expectedFailure(failing(FIRST))}, None),
        ({"helper": failing(FIRST)}, "no test was run"),
    ],
)
def test_the_first_failure_of_all_cases_is_raised(methods, told):
    """Once all have run; and no tests are no success."""
    values = [1, "text", int, case_of(**methods)]
    if told is None:
        run_cases(values)
        return
    with pytest.raises((AssertionError, ValueError), match=told):
        run_cases(values)


def test_all_cases_run_though_the_first_fails():
    """In each class."""
    ran = []
    cases = [case_of(test_a=failing(FIRST)), case_of(test_b=lambda self: ran.append("b"))]
    with pytest.raises(AssertionError, match="first"):
        run_cases(cases)
    assert ran == ["b"]


def of_program(source):
    """What a program calls ``spoil``."""
    names = {"unittest": unittest, "loader": python_cases._LOADER}
    exec(compile(source, "<program>", "exec"), names)
    return names["spoil"]


SPOILING = {
    "assertions": "unittest.TestCase.assertEqual = lambda *_: None",
    "what runs a test": "unittest.TestCase.run = lambda *_: None",
    "what runs one of a class": "for each in unittest.TestCase.__subclasses__(): each.run = lambda *_: None",
    "what finds tests": "unittest.TestLoader.loadTestsFromTestCase = lambda *_: unittest.TestSuite()",
    "what names tests": "loader.testMethodPrefix = 'none'",
    "what is there": "del unittest.TestCase.assertTrue; unittest.TestCase.extra = 1",
    "an excuse": "raise unittest.SkipTest('no')",
}


@pytest.mark.parametrize("how", SPOILING)
def test_what_a_program_makes_of_unittest_does_not_help_it(how):
    """Before the first case, and in one for those that follow; afterwards all is as it was."""
    spoil = of_program(f"def spoil():\n    {SPOILING[how]}")
    kept = {kind: dict(vars(kind)) for kind in (unittest.TestCase, unittest.TestLoader)}
    case = case_of(test_a=lambda self: spoil(), test_b=lambda self: self.assertEqual(1, 2))  # noqa: PT009
    try:
        if how not in ("an excuse", "what runs one of a class"):
            spoil()
        with pytest.raises(AssertionError):
            run_cases([case])
    finally:
        python_cases._restore()
        for each in unittest.TestCase.__subclasses__():
            if "run" in vars(each) and each.__module__ == __name__:
                del each.run
    assert {kind: dict(vars(kind)) for kind in kept} == kept


def leave_out(self):
    self.skipTest("not here")


def leave_out_all(cls):
    raise unittest.SkipTest("not here")


@pytest.mark.parametrize(
    "methods",
    [
        {"test_a": leave_out, "test_b": passing},
        {"test_a": unittest.skip("not here")(failing(FIRST)), "test_b": passing},
    ],
)
def test_tests_may_leave_out_some_of_theirs(methods):
    """As they do elsewhere, and a whole class of several, too; the others are run."""
    ran = []
    own = case_of(**methods, test_c=lambda self: ran.append(self))
    run_cases([own, case_of(setUpClass=classmethod(leave_out_all), test_a=passing)])
    assert len(ran) == 1
