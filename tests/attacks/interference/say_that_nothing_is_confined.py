# expect: wrong_answer|runtime_error|early_exit
"""Tells every descriptor, in every form that it knows of, that the sandbox did not start."""

import os
import struct

for descriptor in range(3, 2048):
    for word in (b"x", bytes(32) + b"\1", struct.pack("!IcB", 1, b"x", 0) + b"x"):
        try:
            os.write(descriptor, word)
        except OSError:
            pass


def add(a, b):
    return 0
