# expect: wrong_answer
"""Looks for its methods in an order of its metaclass's choice."""


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


class Kind(type):
    def mro(cls):
        return [cls, *type.mro(cls)[1:-1], Liar, object]


class Innocent(metaclass=Kind):
    pass


def add(a, b):
    return Innocent()
