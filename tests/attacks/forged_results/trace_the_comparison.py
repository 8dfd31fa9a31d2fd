# expect: wrong_answer
"""Traces the tests, to change the variables of those who compare."""

import sys


def change(frame, event, argument):
    frame.f_locals.update({"left": 3, "right": 3, "otherwise": True})
    return change


def add(a, b):
    sys.settrace(change)
    return 0
