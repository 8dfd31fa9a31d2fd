# expect: early_exit|wrong_answer
"""Leaves when its output is flushed, after the last test."""

import os
import sys


class Farewell:
    def __getattr__(self, name):
        os._exit(0)


try:
    sys.stdout.__init__(Farewell())
except BaseException:
    pass


def add(a, b):
    return 0
