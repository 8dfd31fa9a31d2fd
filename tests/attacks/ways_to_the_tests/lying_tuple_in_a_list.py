# expect: wrong_answer
"""A tuple that agrees to everything, where named ones are expected."""


class Liar(tuple):
    def __eq__(self, other):
        return True

    __hash__ = tuple.__hash__


def add(a, b):
    return [Liar()]


# the tests:
from collections import namedtuple

Point = namedtuple("Point", "x y")
assert add(1, 2) == [Point(1, 2)]
