# expect: early_exit
"""Leaves from a call-back of the garbage collection."""

import gc
import os

gc.callbacks.append(lambda *_: os._exit(0))


def add(a, b):
    gc.collect()
    return 0
