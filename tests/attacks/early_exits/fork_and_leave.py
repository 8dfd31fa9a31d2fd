# expect: early_exit
"""Leaves the tests to a child and reports success itself."""

import os

if os.fork():
    os._exit(0)


def add(a, b):
    return a + b
