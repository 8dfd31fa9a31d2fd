# expect: wrong_answer
"""Turns every uncaught exception into an exit with status 0."""

import os
import sys

sys.excepthook = lambda *_: os._exit(0)


def add(a, b):
    return 0
