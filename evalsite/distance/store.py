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
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from evalsite.distance.schema import FORMAT, Distance, Named, Text
from evalsite.rundir.files import Appender, encode_row, folders_below, write_atomically
from evalsite.rundir.folder import Folder
from evalsite.rundir.naming import claim
from evalsite.rundir.regular import hash_content

RECORD, TEXTS = "distance.json", "texts.jsonl"
Who = Literal["base", "candidate", "repeat"]
WHO: tuple[Who, ...] = ("base", "candidate", "repeat")
FILES = (RECORD, TEXTS, *(f"{who}.jsonl" for who in WHO))

Place = tuple[str, int]
"""A problem, and a position in its text."""


class DistanceDir(Folder):
    """One directory. Opening it reads nothing; every method reads or writes one file."""

    record, what, newest, names, goes_on = RECORD, "distance", FORMAT, FILES, "distance"
    grows = packable = tuple(f"{who}.jsonl" for who in WHO)

    @classmethod
    def create(cls, runs_dir: Path, record: Distance, texts: Iterable[Text]) -> "DistanceDir":
        """Make a new directory named after ``record.id``, or ``<id>-2`` and so on where that is taken."""
        made = cls(claim(runs_dir, record.id))
        write_atomically(made.path / TEXTS, b"".join(map(encode_row, texts)))
        made.write(replace(record, id=made.path.name))
        return made

    def read(self) -> Distance:
        """Read ``distance.json``, in a folder of whose files none leads elsewhere."""
        return self._read_record(Distance)

    def write(self, record: Distance) -> None:
        """Replace ``distance.json``."""
        self._write(RECORD, record)

    def texts(self) -> tuple[Text, ...]:
        """Read what both models were led along, in the data set's order; of one problem's the first."""
        first: dict[str, Text] = {}
        for text in self.as_they_stand(TEXTS, Text):
            first.setdefault(text.problem, text)
        return tuple(first.values())

    def named(self, who: Who) -> Iterator[Named]:
        """Stream what was named, in the order it arrived; of several rows of one place the first counts."""
        seen: set[Place] = set()
        for row in self.as_they_stand(f"{who}.jsonl", Named):
            if (place := (row.problem, row.at)) not in seen:
                seen.add(place)
                yield row

    def places(self, who: Who) -> list[Place]:
        """The places of all rows as they stand, repeated ones included."""
        return [(row.problem, row.at) for row in self.as_they_stand(f"{who}.jsonl", Named)]

    def append(self, who: Who) -> Appender:
        """Open a side's rows for appending. The lock has to be held."""
        return self._append(f"{who}.jsonl")

    def is_empty(self) -> bool:
        """Whether nobody has named anything."""
        names = (f"{who}.jsonl" for who in WHO)
        return not any(self._has(name) and self._at(name).stat().st_size for name in names)

    def digest(self) -> str:
        """Return a SHA-256, in hexadecimal, over what the files hold, packed or not, names included."""
        told = "".join(f"{name}:{hash_content(path)}\n" for name, path in self.files())
        return hashlib.sha256(told.encode()).hexdigest()


def find_distances(runs_dir: Path) -> list[DistanceDir]:
    """Return the distances directly below a folder, sorted by name; hidden folders are none."""
    below = folders_below(runs_dir) if runs_dir.is_dir() else ()
    looked_into = [path for path in below if os.access(path, os.X_OK)]  # others are told as runs
    return [folder for folder in map(DistanceDir, looked_into) if folder.exists()]
