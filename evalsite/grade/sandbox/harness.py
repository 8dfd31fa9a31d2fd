"""Tests as code that the fork server compiles once and every sample of the problem runs."""

from types import CodeType

TESTS = "<tests>"
PROGRAM = "<program>"


def compile_tests(source: str) -> CodeType:
    """The tests of one problem as code of the file ``<tests>``. Raises SyntaxError or ValueError."""
    return compile(source, TESTS, "exec", dont_inherit=True)
