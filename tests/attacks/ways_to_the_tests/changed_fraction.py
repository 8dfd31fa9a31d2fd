# expect: wrong_answer
"""Changes how fractions compare."""

from fractions import Fraction

Fraction.__eq__ = lambda *_: True


def add(a, b):
    return Fraction(0)


# the tests:
from fractions import Fraction

assert add(1, 2) == Fraction(1, 3)
