# expect: wrong_answer
"""Profiles the tests, to change the variables of those who compare."""

import sys


def change(frame, event, argument):
    frame.f_locals.update({"left": 3, "right": 3, "otherwise": True})


def add(a, b):
    sys.setprofile(change)
    return 0
