# expect: passed
"""Reads the environment: there is none."""

import os

assert not os.environ, os.environ


def add(a, b):
    return a + b
