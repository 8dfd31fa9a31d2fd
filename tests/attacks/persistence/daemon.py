# expect: wrong_answer
"""Leaves a process behind that belongs to nobody."""

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.01)
            try:
                open("alive", "w").close()
            except OSError:
                pass
    os._exit(0)
os.wait()


def add(a, b):
    return 0
