# expect: wrong_answer
"""Gives the functions by which the tests compare other default arguments."""

import sys
import types


def add(a, b):
    for value in sys._getframe(1).f_code.co_consts:
        if isinstance(value, types.FunctionType):
            value.__defaults__ = (lambda *_: None,) * len(value.__defaults__ or ())
    return 0
