"""What this machine gives to a process, whatever its operating system."""

import os


def usable_cpus() -> int:
    """Number of processors that this process may use, at least 1.

    Where the system can bind a process to some of them (Linux), those count; elsewhere all do.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    count = getattr(os, "process_cpu_count", os.cpu_count)  # the former from Python 3.13 on
    return count() or 1
