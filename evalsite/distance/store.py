"""Reads and writes the directory of a distance; the only module that knows what is in its files.

Layout (see ``docs/distance.md``)::

    runs/<id>/
      distance.json     Distance   replaced atomically
      texts.jsonl       Text       written once
      base.jsonl        Named      append-only
      candidate.jsonl   Named      append-only
      repeat.jsonl      Named      append-only: the baseline, asked a second time in part

Everything else is as in a run's directory (:mod:`evalsite.rundir.store`): rows are on disk before anything is
made of them, a torn last line is dropped and made again, and there is one writer.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from evalsite.distance.records import FORMAT, Distance, Named, Text
from evalsite.errors import RunError
from evalsite.rundir.files import UNDECODABLE, Appender, encode_row, reading, write_atomically
from evalsite.rundir.naming import claim
from evalsite.rundir.regular import hash_content, is_there, read_whole
from evalsite.rundir.store import RunDir, check_format, format_error

RECORD, TEXTS = "distance.json", "texts.jsonl"
Who = Literal["base", "candidate", "repeat"]
WHO: tuple[Who, ...] = ("base", "candidate", "repeat")
FILES = (RECORD, TEXTS, *(f"{who}.jsonl" for who in WHO))

Place = tuple[str, int]
"""A problem, and a position in its text."""


class DistanceDir:
    """One directory. Opening it reads nothing; every method reads or writes one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows = RunDir(path)

    def __repr__(self) -> str:
        return f"DistanceDir({str(self.path)!r})"

    @classmethod
    def create(cls, runs_dir: Path, record: Distance, texts: Iterable[Text]) -> "DistanceDir":
        """Make a new directory named after ``record.id``, or ``<id>-2`` and so on where that is taken."""
        made = cls(claim(runs_dir, record.id))
        write_atomically(made.path / TEXTS, b"".join(map(encode_row, texts)))
        made.write(replace(record, id=made.path.name))
        return made

    def exists(self) -> bool:
        """Whether this is the directory of a distance, judged by its ``distance.json``."""
        with reading(self.path):
            return is_there(self.path / RECORD)

    def read(self) -> Distance:
        """Read ``distance.json``, in a folder of whose files none leads elsewhere."""
        for name in FILES:
            is_there(self.path / name)
        path = self.path / RECORD
        try:
            with reading(path):
                data = read_whole(path)
        except FileNotFoundError as exc:
            raise RunError(
                f"{path}: no such file, so {self.path} holds no distance",
                hint="Name a folder that holds distance.json, such as one below runs/.",
            ) from exc
        check_format(path, data, FORMAT)
        try:
            return msgspec.json.decode(data, type=Distance)
        except UNDECODABLE as exc:
            raise format_error(path, None, exc) from exc

    def write(self, record: Distance) -> None:
        """Replace ``distance.json``."""
        data = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
        write_atomically(self.path / RECORD, data)

    def texts(self) -> tuple[Text, ...]:
        """Read what both models were led along, in the data set's order."""
        return tuple(self._rows.as_they_stand(TEXTS, Text))

    def named(self, who: Who) -> Iterator[Named]:
        """Stream what was named, in the order it arrived; of several rows of one place the first counts."""
        seen: set[Place] = set()
        for row in self._rows.as_they_stand(f"{who}.jsonl", Named):
            if (place := (row.problem, row.at)) not in seen:
                seen.add(place)
                yield row

    def places(self, who: Who) -> list[Place]:
        """The places of all rows as they stand, repeated ones included."""
        return [(row.problem, row.at) for row in self._rows.as_they_stand(f"{who}.jsonl", Named)]

    def append(self, who: Who) -> Appender:
        """Open a side's rows for appending. The lock has to be held."""
        return Appender(self.path / f"{who}.jsonl")

    def is_empty(self) -> bool:
        """Whether nobody has named anything."""
        files = (self.path / f"{who}.jsonl" for who in WHO)
        return not any(is_there(file) and file.stat().st_size for file in files)

    def digest(self) -> str:
        """Return a SHA-256, in hexadecimal, over the directory's files as they stand, names included."""
        there = (self.path / name for name in FILES if is_there(self.path / name))
        told = "".join(f"{path.name}:{hash_content(path)}\n" for path in there)
        return hashlib.sha256(told.encode()).hexdigest()

    def lock(self) -> AbstractContextManager[None]:
        """Hold the directory for writing; a second process is refused."""
        return self._rows.lock()

    def remove(self) -> None:
        """Remove the whole directory."""
        self._rows.remove()


def find_distances(runs_dir: Path) -> list[DistanceDir]:
    """Return the distances directly below a folder, sorted by name; hidden folders are none."""
    if not runs_dir.is_dir():
        return []
    with reading(runs_dir):
        found = [DistanceDir(path) for path in sorted(runs_dir.iterdir()) if path.is_dir()]
    return [each for each in found if not each.path.name.startswith(".") and each.exists()]
