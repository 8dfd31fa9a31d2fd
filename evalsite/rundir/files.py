"""How bytes get into files and out of them: appended rows, whole documents, and what may go wrong.

Rows are appended with one write each, so that a killed process leaves at most one torn last line. Readers
drop such a line with a warning, writers cut it off before they append. Documents are replaced whole.
"""

import errno
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from evalsite.errors import OutputError, RunError
from evalsite.rundir.regular import open_to_write
from evalsite.words.commands import command

log = logging.getLogger("evalsite")

LARGE, TOO_LARGE = 50_000_000, 100_000_000
"""Bytes of a file from which on GitHub warns, and refuses it."""

FSYNC_INTERVAL_S = 1.0
"""Appended rows reach the operating system at once, and the disk at most this much later."""

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not the JSON wanted; the last for brackets without end."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What a disk answers that has no room."""
REFUSED_TO_WRITE = {
    errno.EFBIG: "No file may get as large here (ulimit -f). Raise that: ulimit -f unlimited",
    errno.EROFS: "That disk is read-only: choose a folder on another one.",
    errno.EMFILE: "Too many files are open: raise the limit, such as with: ulimit -n 4096",
    errno.ENFILE: "Too many files are open: raise the limit, such as with: ulimit -n 4096",
    errno.EEXIST: "Choose another folder, or move the existing one away.",
}
"""Why a file cannot be written -> the next step."""

_CANNOT_SYNC = frozenset(
    {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES}
)
"""What ``fsync`` answers where there is nothing to wait for (FUSE, NFS), or where it is forbidden: what was
written is with the operating system all the same.
"""
_told_unsynced: set[int] = set()


class Appender:
    """Appends rows to one ``*.jsonl`` file; use as a context manager.

    When :meth:`append` returns, the row survives a kill of this process; a power cut loses at most
    :data:`FSYNC_INTERVAL_S` of rows, for a thread sees to the disk that often, whether more rows come or
    not. When the disk is full, a half-written row is taken back. When somebody removes, replaces or shortens
    the file meanwhile, that is an error as soon as it is noticed, at the latest at the end. ``goes_on`` is
    the command that then goes on with the folder.
    """

    def __init__(self, path: Path, goes_on: str = "resume") -> None:
        self._path = path
        self._goes_on = goes_on
        self._fd = -1
        self._size = 0
        self._written = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name=f"fsync {path.name}", daemon=True)
        self._failure: OSError | OutputError | None = None

    def __enter__(self) -> Self:
        with writing(self._path):
            self._fd = open_to_write(self._path, os.O_APPEND)
            _drop_torn_line(self._fd, self._path)
            self._grow(os.fstat(self._fd).st_size)
        self._syncer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._closing.set()
        self._syncer.join()
        try:
            with writing(self._path):
                if self._failure is not None:  # Linux tells of a lost write once: the next fsync may succeed
                    raise self._failure
                self._see_that_it_is_there()
                sync(self._fd)
        finally:
            os.close(self._fd)
            self._fd = -1  # whoever comes late must not write into a file that got the same number

    def append(self, row: msgspec.Struct) -> None:
        """Write one row as a line of JSON."""
        line = encode_row(row)
        start = os.fstat(self._fd).st_size
        with writing(self._path):
            if self._failure is not None:
                raise self._failure
            try:
                write_all(self._fd, line)
            except OSError:
                os.ftruncate(self._fd, start)
                raise
        self._grow(len(line))
        self._written.set()

    def _grow(self, size: int) -> None:
        before, self._size = self._size, self._size + size
        if any(before <= limit < self._size for limit in (LARGE, TOO_LARGE)):
            log.warning("%s: %s", self._path, told_size(self._size))

    def _sync(self) -> None:
        while not self._closing.wait(FSYNC_INTERVAL_S):
            if self._written.is_set():
                self._written.clear()
                try:
                    self._see_that_it_is_there()
                    sync(self._fd)
                except (OSError, OutputError) as exc:
                    self._failure = exc  # raised at the next append, where somebody can act on it
                    return

    def _see_that_it_is_there(self) -> None:
        """Raise OutputError where what is written goes nowhere: into a file that has no name any more."""
        written = self._size  # read first: rows are appended meanwhile, and the file is never behind this
        if stands_at(self._fd, self._path) and os.fstat(self._fd).st_size >= written:
            return
        raise OutputError(
            f"{self._path}: was removed, replaced or shortened while rows were being appended",
            hint="Put it back if you have it; 'evalsite validate' tells what is lacking. Then go on with: "
            + command(self._goes_on, self._path.parent),
        )


def told_size(size: int) -> str:
    """How large a file is, where that is more than GitHub likes; empty where it is not."""
    if size <= LARGE:
        return ""
    refuses = "which" if size > TOO_LARGE else "and from 100 MB on"
    return f"has {size / 1e6:.0f} MB, {refuses} GitHub refuses"


def encode_row(row: msgspec.Struct | dict[str, object]) -> bytes:
    """Encode a row as one line of JSON with a space after ``:`` and ``,``, so that it can be grepped."""
    return msgspec.json.format(msgspec.json.encode(row), indent=0) + b"\n"


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Replace a file so that a reader, or a crash, meets the old content or the new, never a mixture."""
    with writing(path), replacing(path) as file:
        file.writelines((data,) if isinstance(data, bytes) else data)
        file.flush()
        sync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes another's place once it is written; after any error, the other stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            yield file
        temporary.replace(path)
    except BaseException:  # Ctrl-C, too
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate what the operating system says about a failed read, but for a file that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as exc:
        raise RunError(
            f"{path}: cannot be read ({exc.strerror or exc})",
            hint="Check what stands there and that you may read it; a copy of the run may still be sound.",
        ) from exc


def folders_below(parent: Path) -> list[Path]:
    """The folders directly below one, by name; but for hidden ones, and for what a disk keeps for itself."""
    with reading(parent):
        named = (path for path in sorted(parent.iterdir()) if path.name[0] != "." and path.name != _OF_DISK)
        return [path for path in named if os.path.isdir(path)]  # noqa: PTH112 - pathlib's may raise


_OF_DISK = "lost+found"


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate what the operating system says about a failed write."""
    try:
        yield
    except OSError as exc:
        hint = REFUSED_TO_WRITE.get(
            exc.errno or 0,
            "Check that the folder exists and that you may write there, or choose another one.",
        )
        if exc.errno in FULL:
            hint = (
                "The disk is full. What was written before is intact: free some space, then resume the run, "
                "or where there is none say the same again."
            )
        raise OutputError(f"{path}: cannot be written ({exc.strerror})", hint=hint) from exc


def sync(fd: int) -> None:
    """See that what was written is on the disk, on file systems that can tell."""
    try:
        os.fsync(fd)
    except OSError as exc:
        if exc.errno not in _CANNOT_SYNC:
            raise
        if exc.errno not in _told_unsynced:
            _told_unsynced.add(exc.errno)
            log.warning("this file system does not say when data are on the disk (%s)", exc.strerror)


def read_at(fd: int, size: int, start: int) -> bytes:
    """Read up to ``size`` bytes from ``start`` on, and move there: Windows has no ``os.pread``."""
    os.lseek(fd, start, os.SEEK_SET)
    return os.read(fd, size)


def write_all(fd: int, data: bytes) -> None:
    """Write all of ``data``, in as many pieces as it takes."""
    while data:
        data = data[os.write(fd, data) :]


def stands_at(fd: int, path: Path) -> bool:
    """Whether a path still leads to the file that is open."""
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


def _drop_torn_line(fd: int, path: Path) -> None:
    """Cut off what follows the last newline: a row that a killed process did not finish.

    A whole row that lacks nothing but its newline is kept: readers have taken it for one.
    """
    size = os.fstat(fd).st_size
    if size == 0 or read_at(fd, 1, size - 1) == b"\n":
        return
    end, block = size, 1 << 16
    while end > 0:
        start = max(0, end - block)
        newline = read_at(fd, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if _is_json(read_at(fd, size - end, end)):
        write_all(fd, b"\n")
        return
    os.ftruncate(fd, end)
    log.warning("%s: the last line was cut off; it is dropped and will be made again", path)


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except UNDECODABLE:
        return False
    return True
