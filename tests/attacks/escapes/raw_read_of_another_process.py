# expect: sandbox_violation
"""Reads the memory of other processes by a raw system call."""

import ctypes

for number in range(1, 1000):
    ctypes.CDLL(None).process_vm_readv(number, 0, 0, 0, 0, 0)


def add(a, b):
    return a + b
