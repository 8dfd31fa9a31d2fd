"""Where data sets lie on this machine: a folder of the user's, the cache, an installed package."""

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalsite.datasets.catalogue.base import Known, Published
from evalsite.errors import DatasetError
from evalsite.machine.caches import cache_folder
from evalsite.words.commands import command
from evalsite.words.sentences import names

DATA = "EVALSITE_DATA"
"""In the environment: a folder of data sets' files, which is looked into first."""
CACHE = "cache"
_FORMS = (".jsonl", ".json", ".parquet")
_PACKED = ("", ".gz", ".xz", ".bz2", ".zst", ".zip")


@dataclass(frozen=True)
class Kept:
    """A data set on this machine."""

    paths: tuple[Path, ...]
    where: str
    """In a word or two: :data:`DATA`, :data:`CACHE`, or a package with its version."""

    @property
    def source(self) -> str:
        """What a run records of it: the files' names, or the package's."""
        return self.where if self.where not in (DATA, CACHE) else ", ".join(each.name for each in self.paths)

    def remedy(self, name: str) -> str:
        """What to do where these are other problems than the official ones."""
        remove = " ".join(map(str, self.paths))
        return (
            f"Remove {remove}, and fetch it anew: {command('datasets', 'fetch', name)}. "
            f"{own_name(self.paths[0])}"
        )


def own_name(path: Path) -> str:
    """How to use other problems all the same."""
    return f"Or give these problems a name of their own: --dataset NAME --data-path {path}"


def cache_dir() -> Path | None:
    """Return the user's cache of data sets (below ``$XDG_CACHE_HOME``, else ``~/.cache``); None where nobody
    says where that is.
    """
    return cache_folder("datasets")


def find_kept(known: Known) -> Kept | None:
    """Find a data set on this machine: in the user's folder, else in the cache, else in a package.

    Raises :class:`DatasetError` where :data:`DATA` names what is no folder.
    """
    for where, folder in _folders():
        paths = [file_in(folder, file) for file in known.files]
        if all(paths):
            return Kept(tuple(path for path in paths if path), where)
    return _packaged(known)


def files_at(origin: Path, name: str, known: Known) -> tuple[Path, ...]:
    """The files of a data set at a place that somebody named: its one file, or a folder that holds them.

    Raises :class:`DatasetError` where one is missing.
    """
    if not origin.is_dir() and len(known.files) == 1:
        return (origin,)
    paths = {file.name: file_in(origin, file) for file in known.files}
    if missing := [file for file, path in paths.items() if path is None]:
        raise DatasetError(
            f"{origin}: has no file {missing[0]}, which {name} is read from",
            hint=f"Name a folder with {names(list(paths))}; each may be packed.",
        )
    return tuple(path for path in paths.values() if path)


def _folders() -> Iterator[tuple[str, Path]]:
    if named := os.environ.get(DATA):
        folder = Path(os.path.expanduser(named))  # noqa: PTH111 - pathlib's raises for a user without a home
        if not (os.path.isdir(folder) and os.access(folder, os.X_OK)):  # noqa: PTH112 - pathlib's raises
            raise DatasetError(
                f"{DATA}={named}: there is no such folder, or it may not be looked into",
                hint=f"Name a folder of data sets, or unset it; {command('datasets')} lists their files.",
            )
        yield DATA, folder
    if cache := cache_dir():
        yield CACHE, cache


def file_in(folder: Path, file: Published) -> Path | None:
    """A data set's file in a folder, packed or not, in whichever form: what a file is, its content tells."""
    stem = file.name
    while (ending := Path(stem).suffix) and ending in (*_PACKED, *_FORMS):
        stem = stem.removesuffix(ending)
    names = [file.name, *(f"{stem}{form}{packed}" for form in _FORMS for packed in _PACKED)]
    # Where a folder may not be looked into, such as another user's home, there is none; pathlib raises there.
    return next((folder / name for name in names if os.path.isfile(folder / name)), None)  # noqa: PTH113


def _packaged(known: Known) -> Kept | None:
    name, _, inside = known.package.partition(":")
    module, _, file = inside.partition("/")
    spec = importlib.util.find_spec(module) if module else None
    if spec is None or not spec.submodule_search_locations:
        return None
    from importlib.metadata import version  # which brings a parser of mail along

    path = Path(spec.submodule_search_locations[0]) / file
    return Kept((path,), f"{name} {version(name)}") if path.is_file() else None
