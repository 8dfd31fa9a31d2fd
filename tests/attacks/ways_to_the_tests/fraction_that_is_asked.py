# expect: wrong_answer
"""Fractions ask a method of their own about a number that they are compared with."""

from fractions import Fraction


class Asked(Fraction):
    def from_float(self, value):
        return Fraction(1, 2)


def add(a, b):
    return Asked(1, 2)


# the tests:
assert add(1, 1.5) == 2.5 or add(1, 1.5) > 2.25
