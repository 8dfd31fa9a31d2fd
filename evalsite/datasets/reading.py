"""Files -> problems, and the hash that tells one data set from another."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.base import Entry, Shape
from evalsite.datasets.exercises import read_folder
from evalsite.datasets.records import read_records
from evalsite.datasets.shapes import read_entry
from evalsite.datasets.unpacking import ROOM_OF_PROBLEMS
from evalsite.errors import DatasetError
from evalsite.rundir.schema import DEFAULT_LANGUAGE, Problem


def read_entries(*paths: Path, shape: Shape[Any] | None = None) -> Iterator[Entry | DatasetError]:
    """Read files record by record: what each is, or why it cannot be one of their problems.

    Raises :class:`DatasetError` for a file that cannot be read at all.
    """
    seen: set[str] = set()
    for path in paths:
        rows = read_folder(path) if path.is_dir() else read_records(path, ROOM_OF_PROBLEMS)
        for place, raw in rows:
            try:
                entry = read_entry(place, raw, shape)
                task_id = entry.problem.task_id
                if not task_id.strip():
                    raise DatasetError(
                        f"{place}: field `task_id` is empty", hint="Each problem needs a name."
                    )
                if task_id in seen:
                    raise DatasetError(f"{place}: field `task_id`: {task_id!r} stands in the file twice")
            except DatasetError as error:
                yield error
                continue
            seen.add(task_id)
            yield entry


def read_problems(
    *paths: Path, shape: Shape[Any] | None = None, keep: Callable[[Entry], bool] = lambda _entry: True
) -> Iterator[Problem]:
    """Read the problems of files that count, in order; raises DatasetError for a record that is none."""
    found = False
    for entry in read_entries(*paths, shape=shape):
        if isinstance(entry, DatasetError):
            raise entry
        if keep(entry):
            found = True
            yield entry.problem
    if not found:
        raise no_problems(paths[0])


def no_problems(path: Path) -> DatasetError:
    """What is wrong with a file that was read and holds none."""
    return DatasetError(f"{path}: holds no problems", hint="docs/datasets.md describes the two shapes.")


class Hasher:
    """A SHA-256 over what problems ask and check, in order; they are counted on the way."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.problems = 0

    def add(self, problem: Problem) -> None:
        """Take the next problem."""
        self.problems += 1
        parts: tuple[str, ...] = (
            problem.task_id,
            problem.kind,
            problem.prompt,
            problem.entry_point,
            problem.tests,
            problem.reference,
        )
        if problem.language != DEFAULT_LANGUAGE:
            parts = (*parts, problem.language)  # hashes from before there was another language stay
        if problem.faulty:
            parts = (*parts, "faulty", problem.faulty)
        if problem.parts:
            parts = (*parts, "parts", *problem.parts)
        if problem.suffix:
            parts = (*parts, "suffix", problem.suffix)
        self._digest.update(msgspec.json.encode(parts))

    @property
    def sha256(self) -> str:
        """The hash of those taken so far, in hexadecimal."""
        return self._digest.hexdigest()


def hash_problems(problems: Iterable[Problem]) -> str:
    """Return the hash of a data set's problems, in hexadecimal."""
    hasher = Hasher()
    for problem in problems:
        hasher.add(problem)
    return hasher.sha256
