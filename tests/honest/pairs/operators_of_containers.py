"""Containers of its own classes in expressions, some with operators of their own."""

import collections


class Stack(list):
    pass


class Table(dict):
    pass


class Tally(collections.Counter):
    pass


class Vector(list):
    def __add__(self, other):
        return Vector(one + another for one, another in zip(self, other, strict=True))

    def __mul__(self, times):
        return Vector(each * times for each in self)


def stack(*values):
    return Stack(values)


def table(**values):
    return Table(values)


def tally(text):
    return Tally(text)


def vector(*values):
    return Vector(values)


# the tests:
from collections import Counter

assert [0] + stack(1) == [0, 1] and stack(1) + [2] == [1, 2] and 2 * stack(1) == [1, 1]
assert stack(1) < [2] <= stack(2) and max(stack(1), [5]) == [5] and stack(1) + stack(2) == [1, 2]
grown = stack(1)
grown += [2]
grown *= 2
assert grown == [1, 2, 1, 2]
assert table(a=1) | {"c": 1} == {"a": 1, "c": 1} and {"c": 1} | table(a=1) == {"c": 1, "a": 1}
wider = table(a=1)
wider |= {"b": 2}
assert wider == {"a": 1, "b": 2}
assert tally("aab") + Counter("b") == Counter("aabb") and Counter("b") + tally("b") == Counter("bb")
assert tally("aab") - Counter("a") == Counter("ab") and Counter("aab") == tally("aba")
assert tally("ab") <= Counter("abc")
assert (
    vector(1, 2) + vector(3, 4) == [4, 6]
    and Vector([1, 2]) * 2 == [2, 4]
    and Vector([1, 2]) + [1, 1] == [2, 3]
)
try:
    stack(1) + 3
except TypeError:
    pass
else:
    raise AssertionError
