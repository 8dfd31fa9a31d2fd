# expect: sandbox_violation
# expect in landlock: passed
"""Changes what the host says of a device that it was handed."""

import os

os.utime(0)


def add(a, b):
    return a + b
