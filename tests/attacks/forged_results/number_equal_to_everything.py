# expect: wrong_answer
"""Returns a number of a class of its own that is equal to everything."""


class Anything(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def add(a, b):
    return Anything()
