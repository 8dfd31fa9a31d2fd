# expect: wrong_answer
"""A text whose comparison is its own."""


class Liar(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def add(a, b):
    return Liar("x")


# the tests:
assert add(1, 2) == "three"
