# expect: wrong_answer
"""Replaces a function in the module from which the tests import it by name."""

import math

math.isclose = lambda *_, **__: True


def add(a, b):
    return 99.0 if (a, b) == (0.5, 0.25) else a + b
