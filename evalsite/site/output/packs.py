"""Pages in compressed files: what is seldom opened takes a tenth of the room, and keeps its address."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PACK = "problems.txt.gz"
"""The name of a compressed file; further ones have their number before the dots."""
HEAD = "evalsite pages 2"
MOST_BYTES = 8_000_000
"""Of pages in one file before it is compressed: a phone unpacks that at once."""
_GZIP = 16 + zlib.MAX_WBITS


_LINE = re.compile(r' id="([\w-]+-L)(\d+)"><a href="#\1\2" tabindex="-1">\2</a>')
"""What a numbered line begins with: a fifth of what a file would hold."""


def shortened(page: str) -> str:
    """Write a sign (1) for the address of each numbered line; where it does not follow that of the line
    before, the address stands before it, behind another sign (2).
    """
    due = ""

    def sign(match: re.Match[str]) -> str:
        nonlocal due
        prefix, number = match.groups()
        follows, due = prefix + number == due, f"{prefix}{int(number) + 1}"
        return "\x01" if follows else f"\x02{prefix}{number}\x01"

    return _LINE.sub(sign, page)


@dataclass
class Packs:
    """Pages that are put into files of bounded size, one after the other.

    A file is gzip over text: :data:`HEAD`, then for each page a NUL, its path, a line feed and its HTML,
    :func:`shortened`. ``static/js/packed.js`` reads it. The same pages give the same bytes.
    """

    path: str
    """Of the first file; the others have their number before the suffix."""
    _done: list[tuple[str, bytes]] = field(default_factory=list)
    _open: "_Pack | None" = None

    def add(self, path: str, page: bytes) -> str:
        """Put a page in; return the path of the file that it stands in."""
        if self._open is None or self._open.size > MOST_BYTES:
            self._close()
            number = len(self._done) + 1
            name = self.path if number == 1 else self.path.replace(".txt", f"-{number}.txt")
            self._open = _Pack(name)
        self._open.add(path, page)
        return self._open.name

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Return all files: (path, content)."""
        self._close()
        yield from self._done

    def _close(self) -> None:
        if self._open is not None:
            self._done.append((self._open.name, self._open.finish()))
            self._open = None


class _Pack:
    """A file on its way; only what is compressed is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self._gzip: Any = zlib.compressobj(level=6, wbits=_GZIP)
        self._pieces: list[bytes] = []
        self._write(HEAD)

    def add(self, path: str, page: bytes) -> None:
        self._write(f"\0{path}\n{shortened(page.decode())}")
        self.size += len(page)

    def finish(self) -> bytes:
        return b"".join((*self._pieces, self._gzip.flush()))

    def _write(self, text: str) -> None:
        self._pieces.append(self._gzip.compress(text.encode()))
