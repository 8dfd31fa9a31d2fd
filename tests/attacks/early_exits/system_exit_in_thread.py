# expect: wrong_answer
"""Exits in a thread, which ends that thread and nothing else."""

import sys
import threading

thread = threading.Thread(target=sys.exit, args=(0,))
thread.start()
thread.join()


def add(a, b):
    return 0
