# expect: wrong_answer
"""Adds an audit hook that leaves as soon as the tests are executed."""

import os
import sys

sys.addaudithook(lambda event, _: os._exit(0) if event == "exec" else None)


def add(a, b):
    return 0
