# expect: wrong_answer
"""Closes every descriptor, so that nobody can report its failure."""

import os

os.closerange(0, 1024)


def add(a, b):
    return 0
