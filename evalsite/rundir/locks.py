"""One writer for each run directory, on every system and file system."""

import errno
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evalsite.errors import RunLockedError
from evalsite.rundir.files import read_at, stands_at, write_all, writing
from evalsite.rundir.regular import open_to_write

with warnings.catch_warnings():  # of a system without locks it says so at once; _marked is the answer to that
    warnings.simplefilter("ignore")
    from filelock import SoftFileLock, Timeout, lock_descriptor

_BROKEN = frozenset({errno.EIO, errno.ESTALE, errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""What a disk answers that takes nothing. Whatever else it answers to a lock, it has none (NFS, Lustre, FUSE,
a kernel or a container that forbids them).
"""
_HOLDER_AT = 1
"""Where the lock file names its holder: Windows lets nobody read the first byte, which is what is locked."""

_TAKEOVER_S = 0.5
"""Seconds to wait for a marker: taking over a dead process's takes more than one attempt."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; another process meets RunLockedError. A killed process lets go by itself.

    Where locks cannot be had, a marker beside the file stands for one. It names its holder's process and
    machine, and is taken over from a process of this machine that has ended.
    """
    try:
        fd = _lock_file(path)
    except _NoLocksError:
        with _marked(path.with_name(f"{path.name}-held")):
            yield
        return
    try:
        with writing(path):
            _name_holder(fd)
        yield
    finally:
        try:
            path.unlink(missing_ok=True)  # before anybody else can lock it
            os.close(fd)
        except PermissionError:  # Windows keeps what is open; it also keeps what somebody else holds by now
            os.close(fd)
            with suppress(PermissionError):
                path.unlink(missing_ok=True)


def _name_holder(fd: int) -> None:
    """Say in the lock file who holds it, which a file system may refuse that locks."""
    try:
        os.ftruncate(fd, 0)
        write_all(fd, f" pid {os.getpid()}".encode())
    except OSError as exc:
        if exc.errno in _BROKEN:
            raise


class _NoLocksError(Exception):
    """The operating system, or the file system, has no locks."""


def _lock_file(path: Path) -> int:
    """Open and lock a file, and return its descriptor; a file that another process holds is an error."""
    while True:
        with writing(path):
            fd = open_to_write(path)
            try:
                free = lock_descriptor(fd, blocking=False)
            except OSError as exc:
                os.close(fd)
                if exc.errno not in _BROKEN:
                    path.unlink(missing_ok=True)
                    raise _NoLocksError from exc
                raise
        if not free and not _can_be_locked(path.with_name(f"{path.name}-{os.getpid()}")):
            os.close(fd)
            path.unlink(missing_ok=True)
            raise _NoLocksError
        if not free:
            holder = read_at(fd, 32, _HOLDER_AT).decode("ascii", "replace").strip()
            os.close(fd)
            raise _refusal(path, holder)
        if stands_at(fd, path):
            return fd
        os.close(fd)  # its last holder removed it in between: a lock on it would keep nobody out


def _can_be_locked(trial: Path) -> bool:
    """Whether a file that nobody else knows can be locked: EACCES is what some answer for a lock that another
    process holds, and others for one that nobody is allowed.
    """
    with writing(trial):
        fd = open_to_write(trial)
        try:
            return lock_descriptor(fd, blocking=False)
        finally:
            os.close(fd)
            trial.unlink(missing_ok=True)


@contextmanager
def _marked(path: Path) -> Iterator[None]:
    lock = SoftFileLock(path, timeout=_TAKEOVER_S)
    with writing(path):
        try:
            lock.acquire()
        except Timeout as exc:
            refusal = _refusal(path, f"pid {lock.pid}" if lock.pid else "")
            refusal.hint += f" If it was on another machine and has died, remove {path}."
            raise refusal from exc
    try:
        yield
    finally:
        lock.release()


def _refusal(path: Path, holder: str) -> RunLockedError:
    return RunLockedError(
        f"{path.parent}: another evalsite process ({holder or 'unknown'}) is writing this run",
        hint="Wait for it to end, or stop it; then try again.",
    )
