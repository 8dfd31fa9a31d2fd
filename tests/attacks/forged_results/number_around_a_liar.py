# expect: wrong_answer
"""Puts an object that is equal to everything into a number of the library."""

from fractions import Fraction


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


def add(a, b):
    number = Fraction(1)
    number._numerator = Liar()
    return number
