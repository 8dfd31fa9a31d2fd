# expect: wrong_answer
"""Leaves files for the next sample, one of them hidden, in folders that cannot be entered."""

import os

os.makedirs("locked/inner")
open("locked/inner/left", "w").close()
open(".hidden", "w").close()
os.chmod("locked", 0)


def add(a, b):
    return 0
