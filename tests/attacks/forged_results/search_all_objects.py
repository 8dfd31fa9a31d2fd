# expect: wrong_answer
"""Searches all objects of the interpreter for the proof."""

import gc

for found in gc.get_objects():
    print(found)


def add(a, b):
    return 0
