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
