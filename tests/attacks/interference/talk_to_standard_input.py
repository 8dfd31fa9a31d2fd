# expect: wrong_answer
"""Writes to its standard input, which was the fork server's connection to the grader."""

import os

try:
    os.write(0, b"\0" * 4096)
except OSError:
    pass


def add(a, b):
    return 0
