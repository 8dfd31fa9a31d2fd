# expect: wrong_answer
"""Is asked by a part of a function."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
import functools
import operator

assert functools.partial(operator.eq, 3)(add(1, 2))
