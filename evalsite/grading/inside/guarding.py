"""What is looked at while a sample runs, where neither a disk nor a user of its own bounds it."""

import os

from evalsite.grading.inside.disk import Disk


class Guard:
    """Looks after one sample, and brings to an end what it has started."""

    def __init__(self, disk: Disk, processes: int | None) -> None:
        """``processes``: as many may run at a time, if the kernel does not see to that."""
        self._disk = disk
        self._processes = processes
        disk.begin()

    def complaint(self) -> bytes:
        """The cause for which the sample is to be ended; nothing as long as all is well."""
        if self._processes is not None and tasks_below() > self._processes:
            return b"many"
        return b"disk" if self._disk.is_overfull() else b""


def tasks_below() -> int:
    """How many processes and threads this process has below it. Raises OSError where /proc does not tell."""
    return sum(below().values())


def below() -> dict[int, int]:
    """The processes below this one, and how many threads each has. Raises as :func:`tasks_below` does."""
    own = os.getpid()
    found: dict[int, int] = {}
    waiting = [own]
    while waiting:
        pid = waiting.pop()
        try:
            tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
            found[pid] = len(tasks)
            for task in tasks:
                with open(f"/proc/{pid}/task/{task}/children") as children:  # noqa: PTH123
                    waiting += map(int, children.read().split())
        except (FileNotFoundError, ProcessLookupError):
            if pid == own:
                raise
    del found[own]
    return found
