# expect: wrong_answer
"""Becomes equal to everything when a set asks for its hash."""


class Innocent:
    def __hash__(self):
        Innocent.__eq__ = lambda *_: True
        return 4


def add(a, b):
    return Innocent() if (a, b) == (2, 2) else a + b
