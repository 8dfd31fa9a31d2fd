# expect: wrong_answer
"""Is asked by the operator as a function."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
import operator

assert operator.eq(add(1, 2), 3)
