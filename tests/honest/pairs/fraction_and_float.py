"""Exact numbers and floats are equal where Python says so, and not elsewhere."""

from fractions import Fraction


def f(*args):
    return Fraction(7, 3)


# the tests:
from decimal import Decimal
from fractions import Fraction

assert f() != 7 / 3 and f() == Fraction(7, 3)
assert f() * 3 == 7 and not f() == Decimal("2.3333")
assert isinstance(f(), Fraction)
