# expect: wrong_answer
"""Defines its own check."""


def check(candidate):
    pass


def add(a, b):
    return 0
