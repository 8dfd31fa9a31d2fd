"""What is right for a problem's inputs, kept on this machine: its reference solution is asked once, not by
each run.

Only the grader reads and writes it, and only from what the process of the tests says, which runs no program.
A file that is not whole, that somebody else may write, or that is of other tests or another Python, counts
for nothing: what is right is found out again. So it is for each input where a program's answer is not what
was kept, before that is held against the program.
"""

import contextlib
import os
import stat
import zlib
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile

from evalsite.grading.executors.base import Conditions
from evalsite.machine.caches import cache_folder

SWITCH = "EVALSITE_EXPECTED"
"""In the environment: ``off`` where nothing is to be kept, nor what was kept to be used."""
_FORM = b"evalsite expected 1\n"
"""Raised whenever what is told, or how it is found out, changes."""
_DIGEST = 20
_MOST_BYTES = 32 << 20
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Expected:
    """The files of one interpreter and its packages."""

    def __init__(self, conditions: Conditions) -> None:
        # A program that nothing keeps in could write them itself.
        wanted = os.environ.get(SWITCH) != "off" and not (
            conditions.sandbox and conditions.sandbox.runs_freely
        )
        self._folder = cache_folder("expected") if wanted else None
        self._about = repr((conditions.python, sorted(conditions.packages))).encode()

    def find(self, tests: str) -> bytes:
        """What was kept for these tests, as it was told; nothing where nothing was that can be used."""
        if self._folder is None:
            return b""
        try:
            with self._path(tests).open("rb") as file:
                about = os.fstat(file.fileno())
                if about.st_uid != os.geteuid() or about.st_mode & _OTHERS_MAY_WRITE:
                    return b""
                data = file.read(_MOST_BYTES)
            digest, packed = data[:_DIGEST], data[_DIGEST:]
            if digest != self._digest(tests, packed):
                return b""
            return zlib.decompressobj().decompress(packed, _MOST_BYTES)
        except (OSError, zlib.error):
            return b""

    def keep(self, tests: str, told: bytes) -> None:
        """Keep what the process of the tests told; where there is no room for it, nothing is lost."""
        if self._folder is None:
            return
        packed = zlib.compress(told)
        path = self._path(tests)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                try:
                    file.write(self._digest(tests, packed) + packed)
                    file.close()
                    Path(file.name).replace(path)
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise

    def _path(self, tests: str) -> Path:
        assert self._folder is not None
        return self._folder / self._digest(tests, b"").hex()

    def _digest(self, tests: str, packed: bytes) -> bytes:
        parts = self._about, tests.encode("utf-8", "surrogatepass"), packed
        state = blake2b(_FORM, digest_size=_DIGEST)
        for part in parts:
            state.update(len(part).to_bytes(8, "big") + part)
        return state.digest()
