# expect: wrong_answer
"""Sends every signal there is to the first process of its namespace."""

import os
import signal
import time

for number in signal.valid_signals():
    try:
        os.kill(1, number)
    except OSError:
        pass
time.sleep(0.05)


def add(a, b):
    return 0
