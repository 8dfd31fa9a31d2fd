# expect: wrong_answer
"""Forks for every guess, in the hope that one child reports a pass."""

import os


first = os.getpid()


def add(a, b):
    for _ in range(4):
        if os.getpid() != first or os.fork() == 0:
            return a + b
        os.wait()
    return 0
