"""What tests that are made of data need beside what they assert."""

import datetime
from collections import Counter, OrderedDict, UserList, defaultdict, deque
from decimal import Decimal
from fractions import Fraction

import pytest

from evalsite.grading.inside import python_checks
from evalsite.grading.inside.python_checks import are_plain, is_plain


class Number(int):
    """Equal to what it likes."""


def nested(depth):
    """A list in lists."""
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1, True, 2.5, 1j, "a", b"a", None, ..., range(3), Decimal(1), Fraction(1, 2),
        datetime.date(2020, 1, 1),
        datetime.timedelta(1), [1, ("a", {2})], frozenset({1}), deque([1]), {"a": [1]}, OrderedDict(a=1),
        Counter("ab"), defaultdict(list, a=[1]), nested(100),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_data_is_plain_through_and_through(value):
    """So that it equals what it is."""
    assert is_plain(value)
    assert are_plain((value,), {"x": value})


@pytest.mark.parametrize(
    "value",
    [
        Number(1),
        [Number(1)],
        {Number(1): 1},
        {1: Number(1)},
        ({1: [Number(1)]},),
        UserList(),
        object(),
        int,
        nested(101),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_may_say_otherwise_is_not_plain(value):
    """Wherever in a value it is."""
    assert not is_plain(value)
    assert not are_plain((1, value), {})
    assert not are_plain((), {"x": 1, "y": value})


def test_functions_may_be_given_beside_data():
    """Those of Python's own making alone."""
    assert are_plain((nested, 1), {"key": nested})
    assert not are_plain((len,), {})


def test_parts_that_pass_are_told_to_one():
    """The last that asked."""
    heard, others = [], []
    try:
        python_checks.let_hear(others.append)
        python_checks.let_hear(heard.append)
        python_checks.reached("base")
        python_checks.reached("plus")
    finally:
        python_checks._hears.clear()
    assert (heard, others) == (["base", "plus"], [])
    python_checks.reached("nobody hears")
