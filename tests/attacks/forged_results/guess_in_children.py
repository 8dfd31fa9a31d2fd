# expect: wrong_answer|early_exit|runtime_error|sandbox_violation
"""Has a child try each guess, and learns from how it ends which one was right."""

import os


def add(a, b):
    for guess in range(13):
        child = os.fork()
        if child == 0:
            return guess
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 1:
            return guess
    return 0
