"""What the server of tests keeps of what tests print."""

import contextlib

import pytest

from evalsite.grading.inside.verifying import Printing
from evalsite.grading.inside.watching import OUTPUT_TAIL

pytestmark = pytest.mark.linux


def test_the_end_of_what_tests_print_is_kept():
    """As by a file that is no terminal."""
    printing = Printing()
    with contextlib.redirect_stdout(printing):
        print("first", end="", flush=True)
        assert printing.kept == "first"
        print("x" * (OUTPUT_TAIL - 1), end="y")
    assert printing.kept == "x" * (OUTPUT_TAIL - 1) + "y"
    assert printing.write("abc") == 3
    assert printing.kept.endswith("xyabc")
    assert len(printing.kept) == OUTPUT_TAIL
    assert not printing.isatty()
