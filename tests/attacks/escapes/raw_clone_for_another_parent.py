# expect: sandbox_violation
"""Starts a child that its parent's parent is to wait for, which it does not."""

import ctypes
import platform

CLONE_PARENT, SIGCHLD = 0x8000, 17
ctypes.CDLL(None).syscall(56 if platform.machine() == "x86_64" else 220, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)


def add(a, b):
    return a + b
