# expect: wrong_answer
"""Hides its comparison behind a class of the library."""

import contextlib


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


class Innocent(contextlib.ContextDecorator, Liar):
    pass


def add(a, b):
    return Innocent()
