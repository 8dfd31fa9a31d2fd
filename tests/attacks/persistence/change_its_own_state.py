# expect: wrong_answer
"""Changes everything of its own process that a child would inherit."""

import os
import resource
import signal

os.umask(0o777)
os.nice(5)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.chdir("/")
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
signal.setitimer(signal.ITIMER_REAL, 100)
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def add(a, b):
    return 0
