"""Linux's numbers, wherever they are read."""

import errno
import signal

import pytest

from evalsite.grading.numbers import Errno, Signal


@pytest.mark.linux
def test_they_are_those_of_linux():
    """Every signal that Python knows there, and the errors under their names."""
    assert {one.name: one.value for one in Signal} == {one.name: one.value for one in signal.Signals}
    assert {one.value: one.name for one in Errno}.items() <= errno.errorcode.items()
