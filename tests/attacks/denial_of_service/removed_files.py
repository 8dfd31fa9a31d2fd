# expect: file_limit|timeout
"""Fills the disk with files that are removed while children still hold them open."""

import os
import time

for _ in range(20):
    if os.fork() == 0:
        break
hoard = []
while True:
    name = f"{os.getpid()} {len(hoard)}"
    hoard.append(open(name, "wb", buffering=0))
    os.unlink(name)
    for _ in range(7):
        hoard[-1].write(bytes(1 << 20))
