"""Pages in compressed files: what is seldom opened takes a tenth of the room, and keeps its address."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
MOST_BYTES = 8_000_000
"""Of pages in one file before it is compressed: a phone unpacks that at once."""
_GZIP = 16 + zlib.MAX_WBITS


@dataclass
class Packs:
    """Pages that are put into files of bounded size, one after the other.

    A file is gzip over ``{"format": 1, "pages": {path: HTML}}``. The same pages give the same bytes.
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
            name = self.path if number == 1 else self.path.replace(".json", f"-{number}.json")
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
        self._write(f'{{"format":{FORMAT},"pages":{{')

    def add(self, path: str, page: bytes) -> None:
        self._write(f"{',' if self.size else ''}{json.dumps(path)}:{json.dumps(page.decode())}")
        self.size += len(page)

    def finish(self) -> bytes:
        self._write("}}")
        return b"".join((*self._pieces, self._gzip.flush()))

    def _write(self, text: str) -> None:
        self._pieces.append(self._gzip.compress(text.encode()))
