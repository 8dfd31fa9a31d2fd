# expect: wrong_answer
"""A Counter asks another one for each key of its own."""

from collections import Counter


class Asked(Counter):
    keys_asked = []

    def __getitem__(self, key):
        self.keys_asked.append(key)
        return 1

    def __iter__(self):
        return iter(tuple(self.keys_asked))


def add(a, b):
    return Asked()


# the tests:
from collections import Counter

assert Counter("abc") == add(1, 2)
