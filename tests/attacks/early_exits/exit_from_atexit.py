# expect: wrong_answer
"""Registers an exit with status 0 for the end."""

import atexit
import os

atexit.register(os._exit, 0)


def add(a, b):
    return 0
