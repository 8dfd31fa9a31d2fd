# expect: wrong_answer|runtime_error
"""A set's methods are given the set that it is compared with."""


class Told(set):
    held = ()

    def difference(self, other):
        Told.held = tuple(other)
        return set()

    def __iter__(self):
        return iter(Told.held)

    __le__ = __ge__ = lambda self, other: True

    def __sub__(self, other):
        return set()


class Frozen(frozenset):
    def issubset(self, other):
        return True

    issuperset = issubset


def add(a, b):
    return Told() if a else Frozen()


# the tests:
import unittest


def is_right(check):
    try:
        return check()
    except (AssertionError, TypeError):
        return False


checks = (
    lambda: add(1, 2) <= {3, 4} <= add(1, 2),
    lambda: not ({3, 4} - add(1, 2)),
    lambda: unittest.TestCase().assertSetEqual(add(1, 2), {3, 4}) is None,
    lambda: add(0, 2).issubset({3}) and add(0, 2).issuperset({3}),
)
assert any(map(is_right, checks))
