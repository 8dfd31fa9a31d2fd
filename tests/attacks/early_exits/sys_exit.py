# expect: early_exit
"""Leaves with status 0 when it is called."""

import sys


def add(a, b):
    sys.exit(0)
