"""What is thrown in JavaScript without a trace: a text of the tests', or what they were about to throw."""

import json

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.failures import Ended

FAILURES = LANGUAGES["javascript"].failures
TESTS = "throw 'not one'\nf()\nthrow 'not three'"


@pytest.mark.parametrize(
    ("said", "exception", "message"),
    [
        ({"message": "not one"}, "AssertionError", "not one"),
        ({"message": "not one", "line": 5}, "", "not one"),
        ({"message": "not one", "stage": "run"}, "", "not one"),
        ({"message": "another"}, "", "another"),
        ({"message": "x", "exception": "E", "test": 1}, "AssertionError", "not one"),
        ({"message": "x", "exception": "E", "test": 2}, "E", "x"),
        ({"message": "x", "exception": "E", "test": 3}, "AssertionError", "not three"),
        ({"message": "x", "exception": "E", "test": 4}, "E", "x"),
        ({"message": "x", "exception": "E", "test": 0}, "E", "x"),
        ({"message": "x", "exception": "E"}, "E", "x"),
        ({"message": "x", "exception": "E", "test": 1, "line": 5}, "E", "x"),
        ({"message": "x", "exception": "E", "test": 1, "stage": "run"}, "E", "x"),
    ],
)
def test_what_tests_throw_is_their_assertion(said, exception, message):
    """Not what a line of the program throws, nor what comes before the tests."""
    words = json.dumps({"stage": "tests", **said}).encode()
    found = FAILURES.report_of(Ended(False, 1, words, "", "the program", TESTS))
    assert (found.exception, found.message) == (exception, message)
