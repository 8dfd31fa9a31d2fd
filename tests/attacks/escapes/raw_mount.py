# expect: sandbox_violation
"""Mounts by a raw system call."""

import ctypes

ctypes.CDLL(None).mount(b"x", b"/tmp", b"tmpfs", 0, None)


def add(a, b):
    return a + b
