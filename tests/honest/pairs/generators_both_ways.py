"""Iterators that are passed, and such as never end."""

import itertools


def f(numbers):
    for number in numbers:
        yield number * 2


def forever():
    n = 0
    while True:
        reset = yield n
        n = reset if reset is not None else n + 1


def counted():
    return itertools.count(3)


# the tests:
import inspect
import itertools
import types

assert list(f([1, 2])) == [2, 4] and list(f(x for x in (1, 2))) == [2, 4] and sum(f(iter([1]))) == 2
twice = f(itertools.count(1))
assert next(twice) == 2 and next(twice) == 4 and isinstance(twice, types.GeneratorType)
assert inspect.isgenerator(twice) and iter(twice) is twice
numbers = forever()
assert next(numbers) == 0 and next(numbers) == 1 and numbers.send(10) == 10
numbers.close()
assert list(itertools.islice(counted(), 2)) == [3, 4] and list(zip(f([1]), "a")) == [(2, "a")]
try:
    next(f([]))
except StopIteration:
    pass
else:
    raise AssertionError
