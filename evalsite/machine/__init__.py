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
    if usable := _affinity():
        return len(usable)
    count = getattr(os, "process_cpu_count", os.cpu_count)  # the former from Python 3.13 on
    return count() or 1


def _affinity() -> set[int]:
    """The processors that this process may use; empty where nobody says (macOS, Windows, a container's
    filter).
    """
    with contextlib.suppress(AttributeError, OSError):
        return os.sched_getaffinity(0)
    return set()


def processor_of(worker: int, workers: int) -> int | None:
    """The processor that is a worker's own; None where they are too few to need every one.

    Fewer workers than processors leave it to the system who runs where: another program of the kind, which
    counts from the first processor, too, would share one with them while others idle.
    """
    usable = sorted(_affinity())
    return usable[worker % len(usable)] if usable and workers >= len(usable) else None


@contextlib.contextmanager
def bound_to(processor: int | None) -> Iterator[None]:
    """Let the processes that this thread starts meanwhile run on one processor; None: wherever it may."""
    if processor is None:
        yield
        return
    before = _affinity()
    with contextlib.suppress(OSError):  # it was taken away: then they run where they can
        os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, before)
