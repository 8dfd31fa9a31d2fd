"""Ways in which files are packed and written, each told by how the file begins and undone as a stream.

All are bounded in memory: what a stream unpacks to is its reader's to limit (:mod:`.unpacking`).
"""

import bz2
import codecs
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from evalsite.errors import DatasetError

BLOCK = 1 << 16
ZIP = b"PK\x03\x04"
MOST_MEMBERS = 10_000
"""Of a zip file."""
MOST_WINDOW = 128 << 20
"""Bytes that a decompressor may keep for itself; a file may ask for gigabytes."""

ZSTD_MISSING = (
    "Add what it needs: python -m pip install 'evalsite[inspect]'. Or unpack it yourself with: zstd -d FILE"
)


class _Stream(io.RawIOBase):
    """Bytes that a function gives, piece by piece; an empty piece is the end."""

    def __init__(self, more: Callable[[], bytes]) -> None:
        self._more, self._rest = more, b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give the next bytes."""
        if not self._rest:
            self._rest = self._more()
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _unpacker(file: IO[bytes], make: Callable[[], Any]) -> Callable[[], bytes]:
    """What unpacks a file of one stream or several, never more than a block at a time."""
    state = {"unpack": make(), "rest": b"", "began": False}

    def more() -> bytes:
        while True:
            unpack = state["unpack"]
            if unpack.eof:
                state["rest"] = unpack.unused_data.lstrip(b"\0") or file.read(BLOCK).lstrip(b"\0")
                if not state["rest"]:
                    return b""
                state["unpack"] = unpack = make()
            data = state["rest"] or (file.read(BLOCK) if unpack.needs_input else b"")
            state["rest"] = b""
            if piece := unpack.decompress(data, BLOCK):
                return bytes(piece)
            if not data and not unpack.eof:
                raise EOFError("compressed data end before their end was marked")

    return more


@contextmanager
def _gzip(_path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield _buffered(_unpacker(file, _Gzip))


class _Gzip:
    """zlib's decompressor with the words of the other ones."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, most: int) -> bytes:
        """At most so many bytes; what is left of ``data`` comes next time."""
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, most)

    @property
    def needs_input(self) -> bool:
        """Whether it can go on with more only."""
        return not self._zlib.unconsumed_tail

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        """What stands behind the stream."""
        return self._zlib.unused_data


@contextmanager
def _xz(_path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield _buffered(_unpacker(file, lambda: lzma.LZMADecompressor(memlimit=MOST_WINDOW)))


@contextmanager
def _bz2(_path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield _buffered(_unpacker(file, bz2.BZ2Decompressor))


@contextmanager
def _zst(path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as exc:
        raise DatasetError(
            f"{path}: compressed with Zstandard, which this Python cannot read by itself", hint=ZSTD_MISSING
        ) from exc
    options: Any = {zstd.DecompressionParameter.window_log_max: MOST_WINDOW.bit_length() - 1}
    try:
        yield _buffered(_unpacker(file, lambda: zstd.ZstdDecompressor(options=options)))
    except zstd.ZstdError as exc:
        raise Damaged(str(exc)) from exc


@contextmanager
def _zip(path: Path, _file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Of a single file."""
    refuse_many(path)
    with zipfile.ZipFile(path) as archive:
        names = files_of_zip(archive)
        if len(names) != 1:
            raise DatasetError(
                f"{path}: a zip file of {len(names)} files",
                hint="Unpack it, and give one of them.",
            )
        with archive.open(names[0]) as member:
            yield member


def files_of_zip(archive: zipfile.ZipFile) -> list[str]:
    """The files that somebody put there: macOS adds hidden ones."""
    names = (name for name in archive.namelist() if not name.endswith("/") and "__MACOSX" not in name)
    return [name for name in names if not PurePosixPath(name).name.startswith(".")]


def count_members(path: Path) -> int:
    """Count what begins like an entry of a zip's directory, each of which takes memory when it is opened."""
    with path.open("rb") as file:
        return sum(block.count(b"PK\x01\x02") for block in iter(partial(file.read, 1 << 20), b""))


def refuse_many(path: Path) -> None:
    """Refuse a zip of more files than anybody packs."""
    if count_members(path) > MOST_MEMBERS:
        raise DatasetError(f"{path}: a zip file of more than {MOST_MEMBERS:,} files")


def _buffered(more: Callable[[], bytes]) -> IO[bytes]:
    return io.BufferedReader(_Stream(more), BLOCK)


class Damaged(Exception):  # noqa: N818 - it is no error of ours, and becomes one where the file is known
    """Packed data that end early, or are none."""


DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, Damaged)
"""What is raised for packed data that end early or are damaged."""


@dataclass(frozen=True)
class Packing:
    """One way of packing a file."""

    name: str
    begins: bytes
    unpacked: Callable[[Path, IO[bytes]], Any]
    """Makes a context with the stream of what is packed, from the file's path and its own stream."""


PACKINGS: tuple[Packing, ...] = (
    Packing("gzip", b"\x1f\x8b", _gzip),
    Packing("xz", b"\xfd7zXZ\x00", _xz),
    Packing("zstd", b"\x28\xb5\x2f\xfd", _zst),
    Packing("bzip2", b"BZh", _bz2),
    Packing("zip", ZIP, _zip),
)
"""Told by their first bytes, never by a file's name."""

BOM = codecs.BOM_UTF8
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def packing_of(head: bytes) -> Packing | None:
    """The packing that a file begins like; None for one that is not packed."""
    return next((each for each in PACKINGS if head.startswith(each.begins)), None)


def in_utf_8(file: IO[bytes], head: bytes) -> IO[bytes]:
    """The same text in UTF-8, where it begins with a mark of UTF-16, which PowerShell writes, or as UTF-16
    does without one: half of a plain character is nothing.
    """
    encoding = "utf-16" if head.startswith(_UTF_16) else _unmarked(head[:2])
    if not encoding:
        return file
    decoder = codecs.getincrementaldecoder(encoding)()

    def more() -> bytes:
        while data := file.read(BLOCK):
            if text := decoder.decode(data):
                return text.encode("utf-8", "surrogatepass")
        return decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")

    return _buffered(more)


def _unmarked(head: bytes) -> str:
    """Which UTF-16 two bytes are of, where they are a plain character; empty for any others."""
    if len(head) == 2 and head.count(0) == 1:
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    return ""
