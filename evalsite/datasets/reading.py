"""Files -> problems, and the hash that tells one data set from another."""

import hashlib
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.archives import Unpacked, unpack_several
from evalsite.datasets.base import Entry, Shape
from evalsite.datasets.exercises import read_folder
from evalsite.datasets.records import read_records
from evalsite.datasets.shapes import read_entry
from evalsite.datasets.unpacking import ROOM_OF_PROBLEMS
from evalsite.errors import DatasetError
from evalsite.rundir.schema import DEFAULT_LANGUAGE, Problem
from evalsite.words.sentences import and_more

NAMED = 5
"""Files of an archive that an error names."""


def read_entries(
    *paths: Path, shape: Shape[Any] | None = None, trusted: bool = False
) -> Iterator[Entry | DatasetError]:
    """Read files record by record: what each is, or why it cannot be one of their problems; of trusted ones
    it is known that they can.

    Raises :class:`DatasetError` for a file that cannot be read at all.
    """
    seen: set[str] = set()
    for path in paths:
        for place, raw in _rows(path, shape):
            try:
                entry = read_entry(place, raw, shape, trusted=trusted)
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


def _rows(path: Path, shape: Shape[Any] | None) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yield ``(place, record)`` of a file, of a folder of exercises, or of what a zip file holds of these."""
    packed = None if path.is_dir() else unpack_several(path, ROOM_OF_PROBLEMS)
    if packed is None:
        yield from _unpacked_rows(path)
        return
    inside = _data_set_in(packed, shape)
    try:
        for place, raw in _unpacked_rows(inside):
            yield packed.called(place), raw
    except DatasetError as exc:
        raise packed.renamed(exc) from exc


def _unpacked_rows(path: Path) -> Iterator[tuple[str, msgspec.Raw]]:
    return read_folder(path) if path.is_dir() else read_records(path, ROOM_OF_PROBLEMS)


def _data_set_in(packed: Unpacked, shape: Shape[Any] | None) -> Path:
    """The one file of an archive whose first record is a problem, or its folder, if it holds exercises.

    Raises :class:`DatasetError` where there is none, or more than one.
    """
    files = sorted(path for path in packed.folder.rglob("*") if path.is_file())
    fitting = [path for path in files if _begins(path, shape)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and _begins(packed.folder, shape):
        return packed.folder
    names = [path.relative_to(packed.folder).as_posix() for path in fitting or files]
    listed = ", ".join(filter(None, (*names[:NAMED], and_more(len(names), NAMED))))
    told = f"{len(fitting)} of which hold problems" if fitting else "none of which begins with a problem"
    folder = packed.path.with_suffix("")
    unpacking = shlex.join(["python", "-m", "zipfile", "-e", str(packed.path), str(folder)])
    chosen = shlex.quote(str(folder / names[0]))
    raise DatasetError(
        f"{packed.path}: a zip file of {len(files)} files, {told}: {listed}",
        hint=f"Unpack it, and name one of them: {unpacking}; then --data-path {chosen}"
        if fitting
        else "docs/datasets.md describes what is read.",
    )


def _begins(path: Path, shape: Shape[Any] | None) -> bool:
    """Whether the first record is a problem."""
    try:
        place, raw = next(_unpacked_rows(path))
        read_entry(place, raw, shape)
    except (DatasetError, StopIteration):
        return False
    return True


def read_problems(
    *paths: Path,
    shape: Shape[Any] | None = None,
    keep: Callable[[Entry], bool] = lambda _entry: True,
    trusted: bool = False,
) -> Iterator[Problem]:
    """Read the problems of files that count, in order; raises DatasetError for a record that is none."""
    found = False
    for entry in read_entries(*paths, shape=shape, trusted=trusted):
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
