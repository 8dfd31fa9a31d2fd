"""The state that every process begins with: what is commonly imported is there, and chance is the same."""

import ctypes
import errno
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterable

from evalsite.grading.inside.beforehand import holding_hooks
from evalsite.grading.inside.python_library import kinds

_SMALL = range(16, 513, 16)
"""Bytes that Python's own allocator has pools of."""
_LARGE = (16_392, 8200, 4104, 2056, 1032, 776, 520, 392, 264, 200, 136, 104, 72, 56, 40, 24)
"""Bytes that are asked of the C library, the largest first, which leaves a header of eight before each."""
_HEADER = 8
_IN_A_ROW = 8
_MOST_BYTES = 1 << 18
"""Of each size: so much room is hardly left."""


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


def fill_holes() -> None:
    """Fill the room that was left between what is kept, for good.

    What a sample makes then lies together on few pages. In many holes it would lie on many, each of which the
    sample has to copy first.
    """
    kind = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)
    for name, sizes, header in ("PyObject_Malloc", _SMALL, 0), ("PyMem_RawMalloc", _LARGE, _HEADER):
        allocate = kind((name, ctypes.pythonapi))
        for size in sizes:
            _fill(allocate, size, size + header)


def _fill(allocate: Callable[[int], int], size: int, apart: int) -> None:
    """Allocate blocks until some in a row lie side by side, as they do where nothing was before."""
    before = in_a_row = 0
    for _ in range(_MOST_BYTES // size):
        address = allocate(size)
        in_a_row = in_a_row + 1 if address == before + apart else 0
        before = address
        if in_a_row == _IN_A_ROW:
            return
