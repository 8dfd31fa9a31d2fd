"""What this machine, or the container around it, gives to a process, whatever its operating system."""

import contextlib
import math
import os
from collections.abc import Iterator

from evalsite.machine.cgroups import ControlGroups


def usable_cpus() -> int:
    """Number of processors that this process may use, at least 1.

    Where the system can bind a process to some of them (Linux), those count; elsewhere all do. A container's
    quota is rounded up.
    """
    quota = ControlGroups().cpus()
    return max(min(_processors(), math.ceil(quota) if quota else _processors()), 1)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    count = getattr(os, "process_cpu_count", os.cpu_count)  # the former from Python 3.13 on
    return count() or 1


def processor_of(worker: int, workers: int) -> int | None:
    """The processor that is a worker's own; None where they are too few to need every one.

    Fewer workers than processors leave it to the system who runs where: another program of the kind, which
    counts from the first processor, too, would share one with them while others idle.
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    usable = sorted(os.sched_getaffinity(0))
    return usable[worker % len(usable)] if workers >= len(usable) else None


@contextlib.contextmanager
def bound_to(processor: int | None) -> Iterator[None]:
    """Let the processes that this thread starts meanwhile run on one processor; None: wherever it may."""
    if processor is None:
        yield
        return
    before = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):  # it was taken away: then they run where they can
        os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, before)
