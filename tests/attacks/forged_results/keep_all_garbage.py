# expect: wrong_answer
"""Keeps everything that is thrown away, and looks through it for the proof."""

import gc
import os

gc.set_threshold(1)
gc.set_debug(gc.DEBUG_SAVEALL)


def add(a, b):
    gc.collect()
    for thing in gc.garbage:
        if isinstance(thing, list) and any(isinstance(item, bytes) and len(item) == 32 for item in thing):
            os._exit(0)
    return 0
