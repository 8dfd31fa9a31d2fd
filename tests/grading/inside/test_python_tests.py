"""What is known of tests before they are run."""

import pytest

from evalsite.grading.inside import python_tests
from evalsite.grading.inside.python_tests import said_of

SAID = {
    "assert f(1) == 2": "-",
    "with patch('os.getcwd'): f()": "c",
    "import os\nos.sep = '/'": "c",
    "assert os.sep == '/'": "-",
    "sys.stdin = x": "c",
    "try:\n  f()\nexcept StopIteration: pass": "s",
    "except_ = StopAsyncIteration, setattr": "cs",
    "def helper(): pass\nclass Node: pass": "- Node helper",
    "def helper(): pass\nassert f(helper) == 2": "-",
    "def helper(): pass\ndef check(): helper()\ncheck()": "-",
    "def helper(): pass\nx = 1\nStop = 'GeneratorExit'": "s helper",
}


@pytest.mark.parametrize("tests", SAID)
def test_what_tests_change_stop_and_lend_is_read_in_them(tests):
    """Modules that they may change, what ends iterations, names that they define and don't use."""
    assert said_of(tests) == SAID[tests]


def test_long_tests_are_not_looked_through_for_what_they_lend(monkeypatch):
    """It would take as long as compiling them."""
    tests = "def helper(): pass\n"
    monkeypatch.setattr(python_tests, "_MOST_TEXT", len(tests) + 1)
    assert said_of(tests) == "- helper"
    assert said_of(f"{tests}\n") == "-"
