"""What a record's Python can be seen to lack, without running it."""

import contextlib

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.python_tests import may_define
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, write

ASSERTING = {
    "functions": "def test_one():\n    assert f(1) == 1\n\n\ndef test_two():\n    assert f(2) == 2\n",
    "functions that are called": "def tests():\n    assert f(1) == 1\n\ntests()\n",
    "a case": "import unittest\n\n\nclass Case(unittest.TestCase):\n    def test_f(self):\n"
    "        self.assertEqual(f(1), 1)\n\n\nif __name__ == '__main__':\n    unittest.main()\n",
    "a case, imported by name": "from unittest import TestCase\n\nclass Case(TestCase):\n"
    "    def setUp(self):\n        self.one = 1\n"
    "    def test_f(self):\n        self.assertEqual(candidate(self.one), 1)\n",
    "a case, started": "import unittest\nclass Case(unittest.TestCase):\n    def test_f(self):\n"
    "        assert f(1) == 1\nunittest.main(exit=False)\n",
}


@pytest.mark.parametrize("name", ASSERTING)
@pytest.mark.parametrize(("body", "passes"), [("    return x\n", True), ("    return -x\n", False)])
def test_tests_without_check_are_read_where_it_is_plain_what_they_are(tmp_path, name, body, passes):
    """Functions and cases of unittest; the program is run as the sandbox does."""
    path = write(tmp_path / "mine.jsonl", HUMANEVAL | {"test": ASSERTING[name]})
    (problem,) = load_dataset("mine", path).problems
    namespace = {"__name__": "__main__"}
    exec(HUMANEVAL["prompt"] + body, namespace)
    with contextlib.nullcontext() if passes else pytest.raises(AssertionError):
        exec(compile(problem.tests, "<tests>", "exec"), namespace)


@pytest.mark.parametrize(
    "test",
    [
        "x = 1\n", "def helper(): return f\n", "print(f(1))\n", "assert g(1) == 1\n",
        "def test_f(arg):\n    assert f(arg)\n",
        "class Case:\n    def test_f(self):\n        assert f(1) == 1\n",
        "METADATA = {}\n", "",
    ],
)  # fmt: skip
def test_tests_that_nothing_runs_are_refused(tmp_path, test):
    """With file, line and field, as before."""
    with pytest.raises(DatasetError, match=r"mine\.jsonl:1: field `test` of Mine/0: defines no check"):
        load_dataset("mine", write(tmp_path / "mine.jsonl", HUMANEVAL | {"test": test}))


@pytest.mark.parametrize(
    ("source", "defines"),
    [
        ("def check(candidate):\n    pass\n", True),
        ("x = 1\ndef check(candidate):\n    pass\n", True),
        ("TEXT = '''\ndef check(candidate):\n'''\n", False),
        ('TEXT = """\ndef check(candidate):\n"""\n', False),
        ("'\\\ndef check(candidate):'\n", False),
        ("'\\\r\ndef check(candidate):'\n", False),
        ("class A:\n    def check(candidate):\n        pass\n", False),
        ("# def check(candidate):\n", False),
        ("def checks(candidate):\n    pass\n", False),
        ("from a import check\n", True),
        ("def check(candidate) no Python\n", True),
    ],
)
def test_a_definition_is_one_of_the_module(source, defines):
    """No line of a text, of a class, or of a comment, however much it looks like one."""
    assert may_define(source, "check") is defines
