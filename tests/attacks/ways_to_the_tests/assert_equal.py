# expect: wrong_answer|runtime_error
"""Is asked by unittest."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
import unittest

unittest.TestCase().assertEqual(add(1, 2), 3)
