# expect: wrong_answer
"""Changes how counters compare."""

import collections

collections.Counter.__eq__ = lambda *_: True


def add(a, b):
    return collections.Counter()


# the tests:
from collections import Counter

assert add(1, 2) == Counter("aab")
