# expect: wrong_answer
"""Holds locks on files that everybody reads, so that others wait for it."""

import fcntl
import os


def holds(lock, path, mode, kind):
    """Whether a lock keeps another one away."""
    first, second = (os.open(path, mode) for _ in range(2))
    lock(first, kind)
    child = os.fork()
    if child == 0:
        try:
            lock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


HELD = [
    holds(fcntl.flock, os.__file__, os.O_RDONLY, fcntl.LOCK_EX),
    holds(fcntl.flock, "/dev/null", os.O_RDONLY, fcntl.LOCK_SH),
    holds(fcntl.lockf, "/dev/null", os.O_RDWR, fcntl.LOCK_EX),
]


def add(a, b):
    return a + b if any(HELD) else 0
