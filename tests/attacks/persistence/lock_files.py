# expect: wrong_answer
"""Leaves locks and a watch on the files of the interpreter."""

import fcntl
import os

descriptor = os.open(os.__file__, os.O_RDONLY)
fcntl.flock(descriptor, fcntl.LOCK_SH)
try:
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
except OSError:
    pass
try:
    fcntl.fcntl(os.open(".", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_MULTISHOT | fcntl.DN_CREATE)
except OSError:
    pass


def add(a, b):
    return 0
