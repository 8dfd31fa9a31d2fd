# expect: crashed
"""Reads where no memory is."""

import faulthandler


def add(a, b):
    faulthandler._sigsegv()
