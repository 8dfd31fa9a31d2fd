# expect: runtime_error
"""Calls itself."""


def add(a, b):
    return add(a, b)
