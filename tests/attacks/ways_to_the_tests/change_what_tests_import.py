# expect: wrong_answer
"""Changes functions of modules below the tests."""

import copy
import math
import statistics

statistics.mean = copy.deepcopy = math.fsum = lambda *_: 0


def add(a, b):
    return 0


# the tests:
import statistics

assert add(1, 2) == statistics.mean([3, 3])
