# expect: wrong_answer
"""Changes modules that are loaded, and loads one of its own."""

import builtins
import collections
import random
import sys
import types

builtins.sum = lambda *_: 0
collections.OrderedDict = dict
random.seed(1)
sys.modules["left"] = types.ModuleType("left")
sys.setrecursionlimit(50)


def add(a, b):
    return 0
