# expect: timeout
"""Loops."""


def add(a, b):
    while True:
        pass
