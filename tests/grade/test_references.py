"""What reference solutions need, and when they are asked for it."""

from evalsite.grade.references import own_names


def test_names_that_the_problem_defines_are_its_own():
    """Those of a right program's top level that are built-ins too."""
    assert own_names("def sum(a):\n    len = 3\n\nmax = 1\nclass list: pass", "") == ("list", "max", "sum")
    assert own_names("", "print") == ("print",)
