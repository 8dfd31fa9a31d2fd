# expect: wrong_answer|runtime_error
"""Returns a liar wrapped a hundred thousand times."""


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


def add(a, b):
    value = Liar()
    for _ in range(100_000):
        value = [value]
    return value
