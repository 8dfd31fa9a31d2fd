"""A constant that the program and its tests both give the same name."""

import math

MODULUS = 10**9 + 7


def f(n):
    return math.factorial(n) % MODULUS


# the tests:
import math

MODULUS = 10**9 + 7
assert f(20) == math.factorial(20) % MODULUS
