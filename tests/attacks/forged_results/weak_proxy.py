# expect: wrong_answer
"""Lets a proxy of the interpreter's pass on what it is asked."""

import weakref


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


liar = Liar()


def add(a, b):
    return weakref.proxy(liar)
