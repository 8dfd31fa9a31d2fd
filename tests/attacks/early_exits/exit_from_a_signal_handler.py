# expect: early_exit
"""Leaves from the handler of a signal that comes while the tests run."""

import os
import signal
import time

signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
signal.setitimer(signal.ITIMER_REAL, 0.02)


def add(a, b):
    time.sleep(5)
    return 0
