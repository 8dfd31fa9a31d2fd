"""What is read out of a report of Python's."""

from evalsite.languages.python.failures import statement_at


def test_statements_of_broken_or_huge_tests_are_single_lines():
    """Where tests can't be parsed in reasonable time, the line itself is shown."""
    assert statement_at("assert (", 1) == "assert ("
    huge = "x = 1\n" + "# filling\n" * 30_000 + "assert x == (\n  2)"
    assert statement_at(huge, 30_002) == "assert x == ("
    assert statement_at("x = 1", 99) == ""
