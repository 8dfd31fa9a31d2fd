# expect: wrong_answer
"""Waits in the garbage collector for the frame of whoever compares, and gives it what is expected."""

import gc
import sys


class Anything:
    pass


def look(phase, info):
    frame = sys._getframe()
    while frame is not None:
        names = frame.f_locals
        for value in list(names.values()):
            if isinstance(value, list) and "right" in names:
                value.append(names["right"])
        frame = frame.f_back


gc.callbacks.append(look)
gc.set_threshold(1)


def add(a, b):
    return Anything()
