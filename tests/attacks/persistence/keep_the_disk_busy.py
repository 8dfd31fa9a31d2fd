# expect: wrong_answer
"""Children hold files of the disk open, mapped and as their working folder."""

import mmap
import os
import time

os.mkdir("deep")
with open("deep/large", "wb") as large:
    large.write(b"x" * (1 << 20))
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        os.chdir("deep")
        held = open("large", "r+b")
        mapped = mmap.mmap(held.fileno(), 0)
        while True:
            mapped[0] = 120
            time.sleep(0.001)


def add(a, b):
    return 0
