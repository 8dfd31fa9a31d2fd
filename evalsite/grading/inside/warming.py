"""The state that every process begins with: what is commonly imported is there, and chance is the same."""

import errno
import os
import sys
import types
import warnings
from collections.abc import Iterable

from evalsite.grading.inside.beforehand import holding_hooks
from evalsite.grading.inside.python_library import kinds


def warm_up(packages: Iterable[str]) -> None:
    """Import packages, so that no sample pays for it, beside what was imported before anything of ours."""
    _lack_named_objects()
    warnings.simplefilter("ignore")  # what the compiler has to say about a program is not its output
    with holding_hooks():
        for name in packages:
            __import__(name)
    kinds()
    seed_chance()


class _SemLock:
    """Stands for the class behind the locks of multiprocessing."""

    SEM_VALUE_MAX = (1 << 31) - 1

    def __init__(self, *_: object, **__: object) -> None:
        _refuse()


def _refuse(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSYS, "the sandbox has no named semaphores and no shared memory")


def _lack_named_objects() -> None:
    """Say so as a platform does that lacks them: which of the kernel's errors there would be otherwise
    depends on the sandbox, and with it the verdict. Libraries know this one, and do without.
    """
    semaphores, memory = types.ModuleType("_multiprocessing"), types.ModuleType("_posixshmem")
    vars(semaphores).update(SemLock=_SemLock, sem_unlink=_refuse)
    vars(memory).update(shm_open=_refuse, shm_unlink=_refuse)
    sys.modules |= {"_multiprocessing": semaphores, "_posixshmem": memory}


def seed_chance() -> None:
    """Let what follows draw the same as ever."""
    sys.modules["random"].seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def forget_the_machine() -> None:
    """Take away what says something of how the process was started."""
    os.environ.clear()
    sys.argv[:] = [""]
