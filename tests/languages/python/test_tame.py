"""Tells, without parsing it, whether Python source can be parsed here at a known, small cost."""

import pytest

from evalsite.languages.python.tame import is_tame
from tests.extraction.answers import FUNCTION, PROBLEM, fenced, passes, program

pytestmark = [pytest.mark.linux, pytest.mark.xdist_group("hostile")]  # with the bombs, in one reading process


def test_references_are_tame() -> None:
    """Programs of usual size and depth are read without another process, wherever they come from."""
    assert is_tame(PROBLEM.reference)
    assert is_tame(FUNCTION * 100)
    assert is_tame("def f(x):\n    try:\n        return g(x)\n    finally:\n        close()\n")


def test_a_long_answer_is_read_all_the_same() -> None:
    """By the other process, with the same result."""
    padded = FUNCTION + "\n\n" + "# a remark\n" * 3000
    assert not is_tame(padded)
    assert program(fenced(padded)).rule == "fenced"
    assert passes(program(fenced(padded)))


LOOPS = "for a in (b[0]):\n    pass\n"


@pytest.mark.parametrize(
    ("source", "tame"),
    [
        (LOOPS * 19, True),
        ("async for a in b:\n    pass\n" * 19, True),
        ("x = [0 for a in b]\n" * 18, True),
        ("x = [0 for a in b]\n" * 19, False),
        ("x = [0\nfor a in b[1:\n2]]\n" * 19, False),
        ("x = [(0\nfor a in b)[1:\n2]]\n" * 19, False),
        ("for a in lambda:\n    0\n" * 19, False),
    ],
)
def test_statements_may_follow_one_another_and_comprehensions_may_not(source: str, tame: bool) -> None:
    """A line from ``for`` to a colon is a statement unless brackets are open there, or closed."""
    assert is_tame(source) is tame


@pytest.mark.parametrize(
    ("levels", "exits", "size", "tame"),
    [
        (0, 999, 20_000, True),
        (1, 98, 10_000, True),
        (1, 99, 10_000, False),
        (2, 8, 10_000, True),
        (2, 9, 10_000, False),
        (9, 0, 1953, True),
        (9, 0, 1954, False),
    ],
)
def test_what_is_copied_to_each_way_out_is_bounded(levels: int, exits: int, size: int, tame: bool) -> None:
    """A ``finally`` has two ways out by itself; those in one another multiply."""
    source = f"#{'finally ' * levels}{'break ' * exits}"
    assert is_tame(source.ljust(size, "#")) is tame


@pytest.mark.parametrize(
    ("source", "tame"),
    [("(" * 30 + ")" * 30, True), ("(" * 31 + ")" * 31, False), ("([{" * 10 + "}])" * 10 + "()" * 31, True),
     ("x)" * 9 + "(" * 30, True), ("x)" * 9 + "(" * 31, False), ("'('\n" * 31, False)],
)  # fmt: skip
def test_brackets_are_counted_wherever_they_stand(source: str, tame: bool) -> None:
    """Within texts, too; those that close nothing leave no room for others."""
    assert is_tame(source) is tame
