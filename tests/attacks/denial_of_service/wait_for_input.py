# expect: runtime_error
"""Waits for somebody to type."""


def add(a, b):
    return input()
