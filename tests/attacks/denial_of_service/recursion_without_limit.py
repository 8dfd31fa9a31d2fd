# expect: crashed|memory_limit|timeout|runtime_error
"""Calls itself, with the limit lifted, through C code."""

import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __repr__(self):
        return repr(self)


def add(a, b):
    return repr(Deep())
