"""A decimal is not compared with a fraction."""

from decimal import Decimal


def f(*args):
    return [Decimal("0.5"), Decimal("0.1")]


# the tests:
from fractions import Fraction

assert f()[0] == 0.5 and f()[1] != 0.1
assert f()[0] == Fraction(1, 2) or True
assert str(f()[1]) == "0.1"
