# expect: wrong_answer
"""Writes to every descriptor there could be."""

import os

for descriptor in range(1, 256):
    try:
        os.write(descriptor, b'{"proof": true, "status": 0, "cause": ""}')
    except OSError:
        pass


def add(a, b):
    return 0
