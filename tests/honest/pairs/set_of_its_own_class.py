"""A set of the program's class, compared and calculated with."""


class Bag(set):
    pass


class Fixed(frozenset):
    pass


def f(*values):
    return Bag(values)


def fixed(*values):
    return Fixed(values)


# the tests:
import unittest

assert f(1, 2) == {1, 2} and {1, 2} == f(2, 1) and f(1) != {2}
assert f(1) < {1, 2} and {1, 2} >= f(1) and not f(3) <= {1, 2}
assert f(1) | {2} == {1, 2} and {1, 2} - f(2) == {1} and f(1, 2) & {2, 3} == {2} and f(1) ^ {1, 2} == {2}
assert f(1, 2).difference({2}) == {1} and f(1).issubset({1, 2}) and f(1).union([2], (3,)) == {1, 2, 3}
assert fixed(1, 2) == {1, 2} and fixed(1).isdisjoint({2}) and fixed(1, 2) - {2} == {1}
assert f(1, 2).intersection(f(2, 3)) == {2} and f(1).issubset(f(1, 2))
bag = f(1)
bag.add(2)
bag.update({3})
assert bag == {1, 2, 3}
unittest.TestCase().assertSetEqual(f(1, 2), {1, 2})
