# expect: wrong_answer
"""Changes the function by which the tests compare."""

import sys
import types


def agree(left, right, *_):
    return True


def add(a, b):
    frame = sys._getframe(1)
    for value in frame.f_code.co_consts:
        if isinstance(value, types.FunctionType):
            value.__defaults__ = ()
            value.__code__ = agree.__code__
    return 0
