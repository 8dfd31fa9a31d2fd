# expect: passed
"""Prints half a character, and bytes that are no text."""

import os

print("\ud800")
os.write(1, b"\xff\xfe")


def add(a, b):
    return a + b
