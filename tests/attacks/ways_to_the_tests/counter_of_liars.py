# expect: wrong_answer
"""A counter of objects that agree to everything."""

from collections import Counter


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Counter([Liar()])


# the tests:
from collections import Counter

assert add(1, 2) == Counter([3])
