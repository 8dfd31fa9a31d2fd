# expect: timeout
"""Sleeps, which takes no CPU time."""

import time


def add(a, b):
    time.sleep(3600)
