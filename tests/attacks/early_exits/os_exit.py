# expect: early_exit
"""Leaves without any clean-up, with the status of success."""

import os


def add(a, b):
    os._exit(0)
