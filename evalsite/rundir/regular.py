"""A run's files are regular files inside its folder: nothing that leads elsewhere is read, and nothing
written there.

Run directories travel by git and archives, which carry links, and are published. A link to
``/proc/self/environ`` would publish the environment's secrets, one to ``~/.bashrc`` would be appended to.
"""

import errno
import gzip
import hashlib
import math
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from evalsite.errors import RunFormatError

BINARY = getattr(os, "O_BINARY", 0)
"""For ``os.open``: Windows turns each newline into two bytes without it."""
PACKED = ".gz"
BLOCK = 1 << 20
FREE, MULTIPLE = 1_000_000_000, 100
"""Bytes that any packed file may unpack to, and how many times its own size a larger one may."""
MOST_LINE = 64_000_000
"""Bytes of a row, or of a document, that are read into memory."""
_CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | BINARY
"""Neither through a link, nor waiting for somebody at the other end."""


def refuse_irregular(path: Path) -> None:
    """Raise :class:`RunFormatError` for what stands at a path and is no regular file of its own.

    Raises IsADirectoryError for a folder, which no link hides, and OSError as :func:`os.lstat` does.
    """
    _refuse(path, path.lstat())


def is_there(path: Path) -> bool:
    """Whether there is a file of that name; raises :class:`RunFormatError` where it is an irregular one."""
    try:
        refuse_irregular(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    return True


def open_to_read(path: Path) -> BufferedReader:
    """Open a regular file; raises :class:`RunFormatError` for any other, and OSError as :func:`open` does."""
    refuse_irregular(path)
    file = os.fdopen(_open(path, os.O_RDONLY), "rb")
    if is_pointer(file.peek(len(_POINTER))):
        file.close()
        raise RunFormatError(f"{path}: {POINTER_TOLD}", hint=FETCH_LFS)
    return file


def is_pointer(head: bytes) -> bool:
    """Whether a file that begins like this is what Git LFS leaves in a large one's place."""
    return head.startswith(_POINTER)


_POINTER = b"version https://git-lfs.github.com/spec/"
POINTER_TOLD = "is a pointer of Git LFS, in place of the file itself"
FETCH_LFS = "Fetch the files themselves, in this repository: git lfs pull"


def read_whole(path: Path) -> bytes:
    """Read a regular file, of at most :data:`MOST_LINE` bytes."""
    with open_to_read(path) as file:
        return _of_usual_size(path, 1, file.read(MOST_LINE))


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Stream the lines of a regular file with their numbers, each of at most :data:`MOST_LINE` bytes.

    A file is unpacked where its name says that it is packed.
    """
    with _unpacked(path) as (file, room):
        for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), start=1):
            room.take(line)
            yield number, _of_usual_size(path, number, line)


def read_blocks(path: Path) -> Iterator[bytes]:
    """Stream what a regular file holds, unpacked where its name says that it is packed."""
    with _unpacked(path) as (file, room):
        for block in iter(partial(file.read, BLOCK), b""):
            room.take(block)
            yield block


def hash_content(path: Path) -> str:
    """Return the SHA-256 of what a file holds, unpacked, in hexadecimal."""
    digest = hashlib.sha256()
    for block in read_blocks(path):
        digest.update(block)
    return digest.hexdigest()


@dataclass
class _Room:
    """How much more a packed file may unpack to; a plain one is as large as it is."""

    path: Path
    left: float

    def take(self, data: bytes) -> None:
        self.left -= len(data)
        if self.left < 0:
            raise RunFormatError(
                f"{self.path}: unpacks to more than {MULTIPLE} times its size, which rows do not",
                hint="If you trust it, unpack it yourself: gunzip",
            )


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[IO[bytes], _Room]]:
    with open_to_read(path) as file:
        if path.suffix != PACKED:
            yield file, _Room(path, math.inf)
            return
        room = _Room(path, max(FREE, MULTIPLE * path.stat().st_size))
        with gzip.GzipFile(fileobj=file) as content:
            try:
                yield cast(IO[bytes], content), room
            except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
                raise RunFormatError(
                    f"{path}: the gzip data end early or are damaged ({exc})",
                    hint="Restore the file; a copy of the run may still be sound.",
                ) from exc


def _of_usual_size(path: Path, number: int, data: bytes) -> bytes:
    if len(data) < MOST_LINE:
        return data
    raise RunFormatError(
        f"{path}:{number}: more than {MOST_LINE / 1e6:g} MB, which no answer and no record has",
        hint="Restore the file, or take the line out.",
    )


def open_to_write(path: Path, flags: int = 0) -> int:
    """Open a regular file for reading and writing, made where it is not there; returns a descriptor."""
    if os.path.lexists(path):
        refuse_irregular(path)
    return _open(path, os.O_RDWR | os.O_CREAT | flags)


def _open(path: Path, flags: int) -> int:
    fd = os.open(path, flags | _CAREFULLY, 0o644)
    try:
        _refuse(path, os.fstat(fd))  # it may have become another one since it was looked at
    except BaseException:
        os.close(fd)
        raise
    return fd


def _refuse(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        return
    what = (
        "a file that has another name, too"
        if stat.S_ISREG(found.st_mode)
        else _KINDS.get(stat.S_IFMT(found.st_mode), "no file")
    )
    raise RunFormatError(
        f"{path}: is {what}; a run's files are regular files inside its folder",
        hint="Take it away, or put a copy of what it leads to in its place, if you know what that is.",
    )


_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
