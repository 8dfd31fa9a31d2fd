# expect: wrong_answer
"""Searches its own memory for the tests, by their text and by what they must hold."""

import ctypes
import gc
import sys
import types

WANTED = "candidate(1, 2) =" + "= 3"


def found():
    for value in gc.get_objects():
        if isinstance(value, types.CodeType) and value.co_filename == "<tests>":
            return True
        if isinstance(value, types.FunctionType) and value.__name__ == "check":
            return True
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()):
            if isinstance(value, str | bytes) and WANTED in str(value) and value is not WANTED:
                return True
    here = id(object()) & ~0xFFFFF
    memory = ctypes.string_at(here, 1 << 20)
    return b"math.isclose(candidate" in memory.replace(b"", b"")


def add(a, b):
    return a + b if found() else 0
