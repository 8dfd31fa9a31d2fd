"""A function that the tests define and the program calls by its name."""


def f(x):
    return helper(x) + Box(x).get() + math.floor(2.5)


# the tests:
import math


def helper(x):
    return 10 * x


class Box:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


assert f(1) == 13 and f(2) == 24
