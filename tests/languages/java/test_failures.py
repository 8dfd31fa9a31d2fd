"""What is thrown in Java: by whom decides whether the tests have failed, or the program."""

import json

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.failures import PROGRAM, TESTS, Ended

FAILURES = LANGUAGES["java"].failures


@pytest.mark.parametrize(
    ("exception", "message", "file", "verdict"),
    [
        ("java.lang.AssertionError", "", TESTS, "wrong_answer"),
        ("java.lang.AssertionError", "", PROGRAM, None),
        ("E", "too small", TESTS, "wrong_answer"),
        ("E", "too small. It was 1", TESTS, "wrong_answer"),
        ("E", "too small", PROGRAM, None),
        ("E", "another", TESTS, None),
        ("java.lang.OutOfMemoryError", "heap", TESTS, "memory_limit"),
    ],
)
def test_the_tests_fail_by_what_they_throw_themselves(exception, message, file, verdict):
    """An assertion, or words of theirs; what else is thrown is an error, wherever that is."""
    frame = {"file": file, "line": 1, "function": "f"}
    said = json.dumps({"exception": exception, "message": message, "frames": [frame]}).encode()
    report = FAILURES.report_of(Ended(False, 1, said, "", "the program", "throw E('too small')"))
    assert FAILURES.classify(report, short_of_memory=False) == verdict
