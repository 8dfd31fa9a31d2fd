# expect: wrong_answer
"""Sets the limits, the priority and the processors of the first process."""

import os
import resource

for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
    try:
        resource.prlimit(1, what, (0, 0))
    except OSError:
        pass
for change in (
    lambda: os.sched_setaffinity(1, {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
    lambda: os.setpgid(1, 0),
):
    try:
        change()
    except OSError:
        pass


def add(a, b):
    return 0
