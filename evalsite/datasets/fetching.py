"""Brings data sets onto this machine: from where their projects publish them, or from files."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evalsite.datasets.catalogue.base import Known, Published
from evalsite.datasets.keeping import CACHE, Kept, cache_dir, files_at, find_kept, own_name
from evalsite.datasets.reading import Hasher, read_problems
from evalsite.errors import DatasetError, OutputError
from evalsite.events import Event, Listener, ignore
from evalsite.rundir.files import write_atomically
from evalsite.words.commands import command
from evalsite.words.sentences import names

TIMEOUT_S = 60
"""Of silence."""
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Fetched:
    """A data set that is on this machine by now."""

    kept: Kept
    problems: int
    sha256: str
    official: bool
    """Whether its hash is that of the official problems; False where we do not know those."""
    anew: bool
    """Whether it was not in its place before."""


def fetch(name: str, known: Known, origin: Path | None = None, listener: Listener = ignore) -> Fetched:
    """See to it that a data set is on this machine, and is the one that its project published.

    It is taken from ``origin``, its file or a folder of its files; else as it lies here; else it is fetched
    from its project. Raises :class:`DatasetError` where it cannot be had or is another one: nothing of that
    stays, and what was there before is left alone.
    """
    if origin is None and (kept := find_kept(known)):
        return Fetched(kept, *_examined(name, known, kept.paths, kept.remedy(name)), anew=False)
    if origin is None:
        return _fetched(name, known, listener)
    paths = files_at(origin, name, known)
    found = _examined(name, known, paths, own_name(paths[0]))
    targets = _targets(name, known)
    for path, target in zip(paths, targets, strict=True):
        write_atomically(target, _blocks_of(path))
    return Fetched(Kept(targets, CACHE), *found, anew=True)


def unlike(name: str, known: Known, sha256: str) -> str:
    """What is wrong with problems of this hash; an empty string where they are the official ones, or where we
    do not know those.
    """
    if not known.sha256 or sha256 in (known.sha256, *known.also):
        return ""
    return (
        f"these are not the official problems of {name}: their SHA-256 is {sha256}, that of the official "
        f"ones {known.sha256}"
    )


def _examined(name: str, known: Known, paths: Sequence[Path], hint: str) -> tuple[int, str, bool]:
    """How many problems files hold, their hash, and whether it is known to be right.

    They need not have room in memory.
    """
    hasher = Hasher()
    for problem in read_problems(*paths, shape=known.shape, keep=known.keep):
        hasher.add(problem)
    if wrong := unlike(name, known, hasher.sha256):
        raise DatasetError(f"{', '.join(map(str, paths))}: {wrong}", hint=hint)
    return hasher.problems, hasher.sha256, bool(known.sha256)


def _targets(name: str, known: Known) -> tuple[Path, ...]:
    """Where its files go to."""
    folder = cache_dir()
    if folder is None:
        raise OutputError(
            "nobody says where this user's files lie (HOME is not set)",
            hint="Say where data sets may be kept: export XDG_CACHE_HOME=/path/to/folder",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        hint = _by_other_means(name, known, folder / known.files[0].name)
        raise OutputError(f"{folder}: cannot be made ({exc.strerror})", hint=hint) from exc
    return tuple(folder / file.name for file in known.files)


def _fetched(name: str, known: Known, listener: Listener) -> Fetched:
    """Fetch it into the cache; what is none (a login page, half a file) does not stay there."""
    if known.parts:
        raise DatasetError(
            f"{name} is not on this machine, and {known.origin} has it in parts only", hint=known.parts
        )
    targets = _targets(name, known)
    hint = _by_other_means(name, known, targets[0])
    with _arriving(targets) as paths:
        for file, path in zip(known.files, paths, strict=True):
            write_atomically(path, _sent(name, file, hint, listener))
        try:
            found = _examined(name, known, paths, hint)
        except DatasetError as exc:
            message = exc.message
            for file, path in zip(known.files, paths, strict=True):
                message = message.replace(str(path), file.url)
            told = f"what was sent for {name} is no data set that can be used: {message}"
            raise DatasetError(told, hint=hint) from exc
        for path, target in zip(paths, targets, strict=True):
            path.replace(target)
    return Fetched(Kept(targets, CACHE), *found, anew=True)


def _by_other_means(name: str, known: Known, target: Path) -> str:
    several = len(known.files) > 1
    take = command("datasets", "fetch", name, "--data-path", "FOLDER" if several else "FILE")
    if several:
        files = names([file.name for file in known.files], len(known.files))
        return f"Fetch its files by other means and put them ({files}) into {target.parent}, or: {take}"
    return f"Fetch the file by other means and put it at {target}, or have it put there: {take}"


@contextmanager
def _arriving(targets: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Where files stand while they are examined."""
    paths = tuple(target.with_name(f"{target.name}.{os.getpid()}.fetched") for target in targets)
    try:
        yield paths
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _sent(name: str, file: Published, hint: str, listener: Listener) -> Iterator[bytes]:
    """What the project's server sends, piece by piece."""
    import http.client  # here: of all that reads a data set's name, next to nothing fetches one
    import urllib.request

    try:
        with urllib.request.urlopen(file.url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - a constant
            total = int(answer.headers.get("Content-Length") or 0)
            done = 0
            while block := answer.read(_BLOCK):
                done += len(block)
                listener(Event("fetching", f"{file.name}, kB", done // 1000, max(done, total) // 1000))
                yield block
        if done < total:
            raise http.client.IncompleteRead(b"", total - done)
    except (OSError, http.client.HTTPException) as exc:
        raise DatasetError(
            f"{name} is not on this machine and cannot be fetched from {file.url} ({exc})", hint=hint
        ) from exc


def _blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
