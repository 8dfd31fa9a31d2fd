# expect: timeout
"""Gives the regular expression engine exponential work."""

import re


def add(a, b):
    return re.match(r"(a+)+$", "a" * 40 + "b")
