# expect: wrong_answer
"""Changes how numbers of the library compare, and returns one."""

from fractions import Fraction

Fraction.__eq__ = lambda *_: True
Fraction.__sub__ = Fraction.__rsub__ = lambda *_: 0


def add(a, b):
    return Fraction(0)
