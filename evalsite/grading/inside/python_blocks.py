"""Blocks of the tests that an object of the program's is entered for (``with candidate(x) as found:``), and
whether one that ended with an exception counts as left in order, because that object says so.

It may where the tests themselves raised it, to see that. What fails while the program is asked, or because of
what it answered, fails the tests.
"""

import types
from opcode import opmap
from typing import Any

from evalsite.grading.inside.messages import TESTS

_RAISE = opmap["RAISE_VARARGS"]


class Blocks:
    """Those of one run of the tests."""

    def __init__(self) -> None:
        self.asked = 0
        """Questions to the program so far."""
        self._entered: dict[int, int] = {}

    def enter(self, target: Any) -> None:
        """An object was entered."""
        self._entered[id(target)] = self.asked

    def may_swallow(self, target: Any, exc: BaseException) -> bool:
        """Whether the object may say that an exception ends its block and nothing else."""
        was_asked = self.asked != self._entered.get(id(target))
        return not isinstance(exc, AssertionError) and (not was_asked or _was_raised_by_tests(exc))


def _was_raised_by_tests(exc: BaseException) -> bool:
    """Whether it comes of a ``raise`` in the tests."""
    traceback = exc.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return False
    code: types.CodeType = traceback.tb_frame.f_code
    return code.co_filename == TESTS and code.co_code[traceback.tb_lasti] == _RAISE
