# expect: wrong_answer
"""Tries the numbers of other processes."""

import os
import signal

for number in range(2, 5000):
    if number != os.getpid():
        try:
            os.kill(number, signal.SIGKILL)
        except OSError:
            pass


def add(a, b):
    return 0
