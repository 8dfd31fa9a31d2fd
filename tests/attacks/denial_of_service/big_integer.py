# expect: timeout
"""Computes a number that has more digits than there is time."""


def add(a, b):
    return 7**7**10
