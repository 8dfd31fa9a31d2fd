"""A run's files are regular files inside its folder: nothing that leads elsewhere is read, and nothing
written there.

Run directories travel by git and archives, which carry links, and are published. A link to
``/proc/self/environ`` would publish the environment's secrets, one to ``~/.bashrc`` would be appended to.
"""

import errno
import os
import stat
from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from pathlib import Path

from evalsite.errors import RunFormatError

BINARY = getattr(os, "O_BINARY", 0)
"""For ``os.open``: Windows turns each newline into two bytes without it."""
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
    return os.fdopen(_open(path, os.O_RDONLY), "rb")


def read_whole(path: Path) -> bytes:
    """Read a regular file, of at most :data:`MOST_LINE` bytes."""
    with open_to_read(path) as file:
        return _of_usual_size(path, 1, file.read(MOST_LINE))


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Stream the lines of a regular file with their numbers, each of at most :data:`MOST_LINE` bytes."""
    with open_to_read(path) as file:
        for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), start=1):
            yield number, _of_usual_size(path, number, line)


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
