# expect: wrong_answer
"""Gives the check that is calling it other code."""

import sys


def harmless(candidate):
    pass


def add(a, b):
    frame = sys._getframe(1)
    for name, value in [*frame.f_globals.items(), *frame.f_back.f_locals.items()]:
        if name == "check" and hasattr(value, "__code__"):
            value.__code__ = harmless.__code__
    return 0
