# expect: wrong_answer|runtime_error
"""Ends the iteration of the tests before it has failed."""


def add(a, b):
    raise StopIteration


# the tests:
assert all(map(lambda pair: add(*pair) == sum(pair), [(1, 2), (3, 4)]))
