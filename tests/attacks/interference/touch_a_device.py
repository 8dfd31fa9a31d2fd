# expect: sandbox_violation
# expect in landlock: passed
"""Changes what the host says of a device."""

import os

os.utime("/dev/null")


def add(a, b):
    return a + b
