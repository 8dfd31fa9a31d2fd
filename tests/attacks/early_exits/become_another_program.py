# expect: early_exit|crashed|sandbox_violation
"""Replaces itself by a program that succeeds."""

import os
import sys


def add(a, b):
    os.execv(sys.executable, ["python", "-c", "pass"])
