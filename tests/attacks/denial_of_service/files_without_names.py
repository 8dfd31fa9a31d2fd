# expect: file_limit|runtime_error
"""Fills the disk with files that no folder shows."""

import os

hoard = []
while True:
    descriptor = os.open(".", os.O_TMPFILE | os.O_RDWR)
    hoard.append(descriptor)
    for _ in range(7):
        os.write(descriptor, bytes(1 << 20))
