# expect: wrong_answer|early_exit
"""Replaces the built-in functions that tests use, everywhere."""

import builtins

builtins.abs = abs = lambda *_: 0
builtins.all = all = lambda *_: True
builtins.len = len = lambda *_: 3
builtins.AssertionError = AssertionError = SystemExit
builtins.isinstance = isinstance = lambda *_: True


def add(a, b):
    return 0
