"""The output folder: writes what changed, remembers what belongs, removes what no longer does.

A small state file in the folder lists every file of the last build by the unit that made it, with the key of
the unit's inputs. Only files on that list are ever removed; anything else in the folder is left alone. A
folder without that file is somebody else's, and no link inside of one is followed.
"""

import io
import os
import shlex
import shutil
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from stat import S_ISREG
from typing import IO

import msgspec

from evalsite.errors import OutputError
from evalsite.rundir.files import FULL, REFUSED_TO_WRITE, replacing
from evalsite.rundir.regular import open_to_read
from evalsite.site.output.bundle import ASSETS
from evalsite.words.sentences import names

STATE = ".evalsite-site.json"
_STATE_FORMAT = 1
FORMER = "former assets"
"""The part of a site that no page of it needs any more."""


class Unit(msgspec.Struct):
    """One part of a build: the key of its inputs, and its files with their sizes."""

    key: str
    files: dict[str, int]

    def weight(self, name: str) -> int:
        """Bytes of the files, and of what the state says of them; ``name`` is the part's."""
        return sum(self.files.values()) + len(msgspec.json.encode({name: _Written.of(self)}))


class _Written(msgspec.Struct):
    """A unit as the state has it: a file of a run is called by what stands behind the run's folder."""

    key: str
    files: dict[str, int]
    below: str = ""

    @classmethod
    def of(cls, unit: Unit) -> "_Written":
        below = _folder_of(list(unit.files))
        return cls(unit.key, {name.removeprefix(below): size for name, size in unit.files.items()}, below)

    def unit(self) -> Unit:
        return Unit(self.key, {self.below + name: size for name, size in self.files.items()})


def _folder_of(files: Sequence[str]) -> str:
    """The deepest folder that all files are in, with a slash at its end; empty for that of the site."""
    folders = [name.split("/")[:-1] for name in (min(files), max(files))] if files else []
    shared = takewhile(lambda pair: pair[0] == pair[-1], zip(*folders, strict=False))
    return "".join(f"{pair[0]}/" for pair in shared)


class State(msgspec.Struct):
    """What the last build made."""

    format: int = _STATE_FORMAT
    key: str = ""
    """Key of all inputs together."""
    units: dict[str, Unit] = {}
    weights: dict[str, int] = {}
    """Key of a part that was weighed and not written -> its bytes."""


class _WrittenState(msgspec.Struct):
    """The state as it stands in its file."""

    format: int = _STATE_FORMAT
    key: str = ""
    units: dict[str, _Written] = {}
    weights: dict[str, int] = {}


@dataclass
class Writer:
    """Writes the files of one unit and counts them."""

    root: Path
    files: dict[str, int] = field(default_factory=dict)
    written: int = 0
    _made: set[Path] = field(default_factory=set)

    def write(self, name: str, data: bytes) -> None:
        """Write a file unless it already holds these bytes; readers meet the old content or the new."""
        self.files[name] = len(data)
        self._put(name, io.BytesIO(data), len(data))

    def copy(self, name: str, source: Path) -> None:
        """Copy a regular file as it is."""
        with open_to_read(source) as file:
            self.files[name] = os.fstat(file.fileno()).st_size
            self._put(name, file, self.files[name])

    def _put(self, name: str, source: IO[bytes], size: int) -> None:
        path = self.root / name
        with writing(path):
            self._make_folder(path.parent)
            if _is_own_file(path, size) and _same(path, source):
                return
            source.seek(0)
            with replacing(path) as file:
                shutil.copyfileobj(source, file)
        self.written += 1

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those around it, as far as the root."""
        if folder in self._made:
            return
        if folder != self.root:
            self._make_folder(folder.parent)
            if folder.is_symlink():
                raise OutputError(
                    f"{folder}: is a link, and what it leads to is no part of the site",
                    hint=f"Take it away: rm {shlex.quote(str(folder))}",
                )
        folder.mkdir(exist_ok=True, parents=folder == self.root)
        self._made.add(folder)


class Scale(Writer):
    """Counts the files of a unit, and writes none."""

    def _put(self, name: str, source: IO[bytes], size: int) -> None:
        pass


@dataclass
class Holding(Writer):
    """Holds the files of a unit back until they are to be written."""

    _held: dict[str, bytes] = field(default_factory=dict)

    def _put(self, name: str, source: IO[bytes], size: int) -> None:  # noqa: ARG002 - known when it is written
        self._held[name] = source.read()

    def release(self) -> int:
        """Write them; return how many changed."""
        writer = Writer(self.root)
        for name, data in self._held.items():
            writer.write(name, data)
        return writer.written


OTHERS = frozenset({".git", ".gitattributes", ".gitignore", ".gitkeep", "CNAME"})
"""Names that may stand in a folder before there is a site in it: those of an empty branch to publish."""


def claim(root: Path) -> None:
    """Make the folder, and see that it is empty, or holds a site of ours.

    Raises :class:`OutputError` for a folder with anything else in it, and where it cannot be written.
    """
    with writing(root):
        root.mkdir(parents=True, exist_ok=True)
    if not os.access(root, os.W_OK):
        raise OutputError(
            f"{root}: cannot be written (Permission denied)", hint="Choose another folder with --output."
        )
    if (root / STATE).is_symlink():
        raise OutputError(f"{root / STATE}: is a link", hint="Choose another folder with --output.")
    if (root / STATE).is_file():
        return
    with writing(root):
        others = sorted({path.name for path in root.iterdir()} - OTHERS)
    if others:
        raise OutputError(
            f"{root}: is not empty and no site of ours: it holds {names(others)}",
            hint="A site could overwrite that. Choose a new folder: evalsite build --output FOLDER",
        )
    write_state(root, State())  # so that a build which is interrupted can go on


def read_state(root: Path) -> State:
    """Read the last build's state; an empty one where there is none, or none that this version knows."""
    path = root / STATE
    if not _is_own_file(path):
        return State()
    try:
        state = msgspec.json.decode(path.read_bytes(), type=_WrittenState)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return State()
    if state.format != _STATE_FORMAT:
        return State()
    units = {name: written.unit() for name, written in state.units.items()}
    return State(state.format, state.key, units, state.weights)


def write_state(root: Path, state: State) -> None:
    """Record the build, once all its files are there."""
    units = {name: _Written.of(unit) for name, unit in state.units.items()}
    written = _WrittenState(state.format, state.key, units, state.weights)
    Writer(root).write(STATE, msgspec.json.encode(written, order="deterministic") + b"\n")


def intact(root: Path, unit: Unit) -> bool:
    """Whether all files of a unit are still there at their size."""
    below = f"{root}/"  # put before some 100,000 names as it is
    try:
        return all(os.lstat(below + name).st_size == size for name, size in unit.files.items())
    except OSError:
        return False


def former_assets(before: State, now: Container[str]) -> Unit | None:
    """The assets of the generation before, which stay: pages that a cache holds for some minutes look right.

    ``now``: the assets of this build. Those of the generation before the last are orphans.
    """
    last = {
        name: size
        for unit, made in before.units.items()
        for name, size in made.files.items()
        if unit != FORMER and name.startswith(ASSETS) and name not in now
    }
    if not last and FORMER in before.units:
        last = {name: size for name, size in before.units[FORMER].files.items() if name not in now}
    return Unit("", last) if last else None


def remove_orphans(root: Path, before: State, after: State, dropped: Iterable[Unit] = ()) -> int:
    """Remove what the last build made and this one did not, and folders that are empty then.

    ``dropped``: what this build made and then made otherwise.
    """
    kept = {name for unit in after.units.values() for name in unit.files}
    orphans = {name for unit in (*before.units.values(), *dropped) for name in unit.files} - kept
    for name in sorted(orphans):
        path = root / name
        if path.parent.resolve() != Path(os.path.normpath(root.resolve() / name)).parent:
            continue  # through a link, or up and out
        with writing(path):
            path.unlink(missing_ok=True)
        _remove_empty(path.parent, root)
    return len(orphans)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate what the operating system says about a failed write."""
    try:
        yield
    except OSError as exc:
        hint = REFUSED_TO_WRITE.get(
            exc.errno or 0, "Check that you may write there, or choose another folder with --output."
        )
        if exc.errno in FULL:
            hint = "The disk is full: free some space, then build again."
        raise OutputError(f"{path}: cannot be written ({exc.strerror})", hint=hint) from exc


def _is_own_file(path: Path, size: int | None = None) -> bool:
    """Whether a regular file stands there and no link, with ``size`` one of so many bytes."""
    try:
        about = path.lstat()
    except OSError:
        return False
    return S_ISREG(about.st_mode) and size in (None, about.st_size)


def _same(path: Path, source: IO[bytes]) -> bool:
    """Whether a file holds what is to be written; both are of one size."""
    with path.open("rb") as file:
        pairs = iter(lambda: (file.read(_BLOCK), source.read(_BLOCK)), (b"", b""))
        return all(old == new for old, new in pairs)


_BLOCK = 1 << 20


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        with writing(folder):
            folder.rmdir()
        folder = folder.parent
