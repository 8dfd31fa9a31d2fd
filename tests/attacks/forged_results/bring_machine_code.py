# expect: runtime_error|sandbox_violation
# expect in landlock: passed
"""Brings an extension module of its own: machine code, which no rule of Python holds.

A folder of the host's is not without execution, as a mount can be: there it runs, and meets the same filter as ctypes.
"""

import importlib.machinery
import importlib.util
import math
import shutil
import sys

shared_object = next(
    m.__file__ for m in list(sys.modules.values()) if str(getattr(m, "__file__", "")).endswith(".so")
)
shutil.copy(shared_object, "own.so")
name = next(n for n, m in sys.modules.items() if getattr(m, "__file__", "") == shared_object)
loader = importlib.machinery.ExtensionFileLoader(name, "own.so")
module = importlib.util.module_from_spec(
    importlib.util.spec_from_file_location(name, "own.so", loader=loader)
)


def add(a, b):
    return a + b
