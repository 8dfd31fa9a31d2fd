# expect: wrong_answer
"""Runs its tests itself, swallows what they say, and uses up whatever would run them again."""

import sys
import types

busy = False


def add(a, b):
    return 0


def use_up(value):
    try:
        next(value)
    except BaseException:
        pass


frame = sys._getframe()
while frame is not None:
    for value in list(frame.f_locals.values()):
        if isinstance(value, types.CodeType) and value.co_filename == "<tests>":
            try:
                exec(value, globals())
            except AssertionError:
                pass
        elif hasattr(value, "__next__"):
            use_up(value)
    frame = frame.f_back
