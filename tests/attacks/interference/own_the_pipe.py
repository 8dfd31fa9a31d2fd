# expect: wrong_answer
"""Changes what it can of the pipe through which its output is read."""

import fcntl
import os
import signal

for command, argument in (
    (fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC),
    (fcntl.F_SETOWN, 1),
    (fcntl.F_SETSIG, signal.SIGKILL),
    (getattr(fcntl, "F_SETPIPE_SZ", 1031), 4096),
):
    try:
        fcntl.fcntl(1, command, argument)
    except OSError:
        pass
os.write(2, b"x" * 4000)


def add(a, b):
    return 0
