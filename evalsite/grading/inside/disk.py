"""The folder that samples may write to, brought back to its clean state after each of them."""

import os
import sys
import time

from evalsite.grading.inside import lockdown
from evalsite.grading.inside.setup import Setup

_SETTLE_S = 0.01
_BYTES_EACH = 14
_FEWEST_FILES = 256
_BLOCK = 512
_HIDDEN_TIMES = 16
"""How many times as much as a sample may write the whole disk may shrink while it runs. What was removed
while it is open is nowhere to be seen, and others write to the same disk.
"""


def _most_files(setup: Setup) -> int:
    return max(setup.disk >> _BYTES_EACH, _FEWEST_FILES)


class Disk:
    """A tmpfs of the fork server's own, which is thrown away when anything about it has changed."""

    def __init__(self, setup: Setup) -> None:
        """Make it. Raises OSError."""
        self._setup = setup
        self._make()
        time.sleep(_SETTLE_S)  # any later change gets a time of change that differs
        self._pristine = self._state()

    def _make(self) -> None:
        owner = self._setup.uid or 0
        files = _most_files(self._setup)
        options = f"size={self._setup.disk},nr_inodes={files},mode=0700,uid={owner},gid={owner}"
        lockdown.mount_tmpfs(self._setup.work, options)

    def _discard(self) -> None:
        lockdown.unmount(self._setup.work)

    def _state(self) -> tuple[int, int]:
        """Changes with everything a sample can do to its disk: files, modes, attributes."""
        state = os.stat(self._setup.work)  # noqa: PTH116
        return state.st_ctime_ns, state.st_mtime_ns

    def clean_up(self) -> bool:
        """Bring it back to its clean state; True where it is another one now."""
        if self._state() == self._pristine:
            return False
        self.renew()
        time.sleep(_SETTLE_S)
        self._pristine = self._state()
        return True

    def renew(self) -> bool:
        """Throw it away whether anything has changed or not, for who puts files there anyway: what changes in
        the next moment cannot be told from the new one, and nobody waits until it can. True where it is
        another one now.
        """
        self._discard()
        self._make()
        return True

    def begin(self) -> None:
        """A sample is about to start."""

    def is_overfull(self) -> bool:
        """Whether the sample that runs has written more than it may. A tmpfs itself refuses that."""
        return False

    def remove(self) -> None:
        """Leave nothing behind; a tmpfs goes with its namespace."""


class PrivateFolder(Disk):
    """A folder on the host's disk, where nothing can be mounted: looked at while a sample runs."""

    def _make(self) -> None:
        os.mkdir(self._setup.work, 0o700)  # noqa: PTH102
        if self._setup.uid is not None:
            os.chown(self._setup.work, self._setup.uid, self._setup.uid)

    def _discard(self) -> None:
        _remove_tree(self._setup.work)

    def begin(self) -> None:
        """Remember how much room there is."""
        self._room = self._free()

    def _free(self) -> int:
        found = os.statvfs(self._setup.work)
        return found.f_bavail * found.f_frsize

    def is_overfull(self) -> bool:
        """Whether the files are too large together, or too many, or the disk shrinks without one."""
        if self._state() == self._pristine:
            return False
        size, number = _measure(self._setup.work)
        if size > self._setup.disk or number > _most_files(self._setup):
            return True
        return self._room - self._free() > self._setup.disk * _HIDDEN_TIMES

    def remove(self) -> None:
        """Leave nothing behind."""
        _remove_tree(self._setup.work)
        os.rmdir(os.path.dirname(self._setup.work))  # noqa: PTH106, PTH120


def _measure(folder: str) -> tuple[int, int]:
    """Bytes that a folder takes on its disk, and how many files and folders are in it."""
    size = number = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    number += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * _BLOCK
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:  # no honest program makes a folder that can't be read, or deeper than a path is long
            return sys.maxsize, number
    return size, number


def _remove_tree(folder: str) -> None:
    """Remove a folder that hostile code has left, however deep, without following a link out of it.

    Folders in it are brought up beside it, so that no path gets longer.
    """
    beside, waiting, number = f"{folder}.", [folder], 0
    while waiting:
        current = waiting.pop()
        os.chmod(current, 0o700)  # noqa: PTH101
        with os.scandir(current) as entries:
            found = list(entries)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)  # noqa: PTH101 - or it cannot be moved
                number += 1
                waiting.append(f"{beside}{number}")
                os.rename(entry.path, waiting[-1])  # noqa: PTH104
            else:
                os.unlink(entry.path)  # noqa: PTH108
        os.rmdir(current)  # noqa: PTH106


class Folder(Disk):
    """A folder of the host's, where there is no isolation."""

    def __init__(self, setup: Setup) -> None:
        self._path = setup.work

    def clean_up(self) -> bool:
        """See :meth:`renew`."""
        return self.renew()

    def renew(self) -> bool:
        """Remove everything in it, without following a link out of it; it stays the same folder."""
        import shutil  # which brings three compressors along

        with os.scandir(self._path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)  # noqa: PTH101
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)  # noqa: PTH108
        return False

    def remove(self) -> None:
        """Leave nothing behind."""
        self.clean_up()
        os.rmdir(self._path)  # noqa: PTH106


def disk_of(setup: Setup) -> Disk:
    """What a fork server's samples may write to, made. Raises OSError."""
    if setup.has_namespaces:
        return Disk(setup)
    return (PrivateFolder if setup.makes_promises else Folder)(setup)
