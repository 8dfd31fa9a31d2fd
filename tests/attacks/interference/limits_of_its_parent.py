# expect: wrong_answer
"""Sets the limits, the priority and the processors of its parent and of all that are near, and signals them by every call."""

import ctypes
import os
import resource
import signal

libc = ctypes.CDLL(None)
parent = os.getppid() or 1
for number in {parent, *range(max(parent - 20, 1), parent + 20)} - {os.getpid()}:
    for action in (
        lambda: resource.prlimit(number, resource.RLIMIT_NOFILE, (0, 0)),
        lambda: resource.prlimit(number, resource.RLIMIT_CPU, (0, 0)),
        lambda: os.sched_setaffinity(number, {0}),
        lambda: os.setpriority(os.PRIO_PROCESS, number, 19),
        lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
        lambda: os.sched_setscheduler(number, os.SCHED_IDLE, os.sched_param(0)),
        lambda: signal.pidfd_send_signal(os.pidfd_open(number), signal.SIGKILL),
        lambda: os.kill(number, signal.SIGKILL),
        lambda: os.killpg(number, signal.SIGKILL),
    ):
        try:
            action()
        except OSError:
            pass
    libc.sigqueue(number, signal.SIGKILL, None)
    libc.tgkill(number, number, signal.SIGKILL)
    libc.syscall(200 if os.uname().machine == "x86_64" else 130, number, signal.SIGKILL)


def add(a, b):
    return 0
