# expect: wrong_answer|runtime_error
"""Leaves whoever compares no room to look at what it returned."""

import sys


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


def add(a, b):
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    for more in range(1, 50):
        try:
            sys.setrecursionlimit(depth + more)
            break
        except RecursionError:
            continue
    return Liar()
