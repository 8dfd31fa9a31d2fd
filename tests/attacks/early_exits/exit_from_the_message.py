# expect: early_exit
"""Leaves when it is asked for its exception's message."""

import os


class Farewell(Exception):
    def __str__(self):
        os._exit(0)


def add(a, b):
    raise Farewell
