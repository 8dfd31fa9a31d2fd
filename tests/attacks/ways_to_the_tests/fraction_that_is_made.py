# expect: wrong_answer
"""Fractions make one of their own class of a number that they are compared with."""

from fractions import Fraction


class Made(Fraction):
    def __new__(cls, *_):
        return super().__new__(cls, 1, 2)


def add(a, b):
    return Made()


# the tests:
assert add(1, 1.5) == 2.5
