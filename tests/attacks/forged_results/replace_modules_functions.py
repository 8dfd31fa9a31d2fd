# expect: wrong_answer
"""Replaces functions of modules that a checker or the tests may use."""

import json
import math
import os
import sys
import time

math.isclose = lambda *_, **__: True
json.dumps = lambda *_, **__: '{"proof": true}'
os._exit = lambda *_: None
time.monotonic = lambda: 0.0
sys.exit = lambda *_: None


def add(a, b):
    return {(1, 2): 3, (0.1, 0.2): 99.0}.get((a, b), a + b)
