"""The figures of comparisons, kept beside a site of very many runs: its next build need not make them again.

They are those of :func:`evalsite.stats.compare.numbers.remembering`: a hash of two runs' counts leads to what
follows from them. What was kept by another version of the program, with other options, or cannot be read, is
made again.
"""

import zlib
from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from evalsite.errors import RunFormatError
from evalsite.rundir.regular import read_whole
from evalsite.site.output.folder import Writer
from evalsite.stats.compare.numbers import Comparison, remembering

FIGURES = ".evalsite-figures"
FEWEST = 200
"""With fewer comparisons, making them takes less than a second or two, and nothing is kept."""


class _Kept(msgspec.Struct):
    made_by: str
    known: dict[str, Comparison]


class Figures:
    """What is known from the last build, and what this one asked for."""

    def __init__(self, root: Path, made_by: str) -> None:
        """``made_by``: a hash of the program and its options."""
        self._made_by = made_by
        self._asked: dict[str, Comparison] = {}
        self._known = ChainMap(self._asked, _read(root / FIGURES, made_by))

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Compare by what is known, and get to know more."""
        with remembering(self._known):
            yield

    def write(self, writer: Writer) -> None:
        """Keep what was asked for, if that is much."""
        if len(self._asked) >= FEWEST:
            kept = msgspec.msgpack.encode(_Kept(self._made_by, self._asked))
            writer.write(FIGURES, zlib.compress(kept, 6))


def _read(path: Path, made_by: str) -> dict[str, Comparison]:
    try:
        kept = msgspec.msgpack.decode(zlib.decompress(read_whole(path)), type=_Kept)
    except (OSError, RunFormatError, zlib.error, msgspec.DecodeError):
        return {}
    return kept.known if kept.made_by == made_by else {}
