# expect: runtime_error
"""Starts an interpreter that has no audit hook, and loads ctypes there."""

import subprocess
import sys

subprocess.run(
    [sys.executable, "-S", "-c", "import ctypes; ctypes.CDLL(None).getpid()"],
    env={"LD_LIBRARY_PATH": "/python/libraries"},
    check=True,
)


def add(a, b):
    return a + b
