# expect: wrong_answer
"""Tries to switch assertions off."""

import builtins
import sys

try:
    setattr(builtins, "__debug__", False)
except Exception:
    pass
try:
    sys.flags = None
except Exception:
    pass


def add(a, b):
    return 0
