"""The output folder: writes what changed, remembers what belongs, removes what no longer does.

A small state file in the folder lists every file of the last build by the unit that made it, with the key of
the unit's inputs. Only files on that list are ever removed; anything else in the folder is left alone.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from evalsite.errors import OutputError

STATE = ".evalsite-site.json"
_STATE_FORMAT = 1


class Unit(msgspec.Struct):
    """One part of a build: the key of its inputs, and its files with their sizes."""

    key: str
    files: dict[str, int]


class State(msgspec.Struct):
    """What the last build made."""

    format: int = _STATE_FORMAT
    key: str = ""
    """Key of all inputs together."""
    units: dict[str, Unit] = {}


@dataclass
class Writer:
    """Writes the files of one unit and counts them."""

    root: Path
    files: dict[str, int] = field(default_factory=dict)
    written: int = 0

    def write(self, name: str, data: bytes) -> None:
        """Write a file unless it already holds these bytes; readers meet the old content or the new."""
        path = self.root / name
        self.files[name] = len(data)
        with writing(path):
            if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            temporary.write_bytes(data)
            temporary.replace(path)
        self.written += 1

    def copy(self, name: str, source: Path) -> None:
        """Copy a file as it is."""
        path = self.root / name
        self.files[name] = source.stat().st_size
        with writing(path):
            if path.is_file() and _same(path, source):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            shutil.copyfile(source, temporary)
            temporary.replace(path)
        self.written += 1


def read_state(root: Path) -> State:
    """Read the last build's state; an empty one where there is none, or none that this version knows."""
    path = root / STATE
    if not path.is_file():
        return State()
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except msgspec.DecodeError:
        return State()
    return state if state.format == _STATE_FORMAT else State()


def write_state(root: Path, state: State) -> None:
    """Record the build, once all its files are there."""
    Writer(root).write(STATE, msgspec.json.encode(state, order="deterministic") + b"\n")


def intact(root: Path, unit: Unit) -> bool:
    """Whether all files of a unit are still there at their size."""
    try:
        return all((root / name).stat().st_size == size for name, size in unit.files.items())
    except OSError:
        return False


def remove_orphans(root: Path, before: State, after: State) -> int:
    """Remove what the last build made and this one did not, and folders that are empty then."""
    kept = {name for unit in after.units.values() for name in unit.files}
    orphans = {name for unit in before.units.values() for name in unit.files} - kept
    for name in sorted(orphans):
        path = root / name
        if not path.resolve().is_relative_to(root.resolve()):
            continue
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
        full = exc.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = (
            "The disk is full: free some space, then build again."
            if full
            else "Check that you may write there, or choose another folder with --output."
        )
        raise OutputError(f"{path}: cannot be written ({exc.strerror})", hint=hint) from exc


def _same(path: Path, source: Path) -> bool:
    return path.stat().st_size == source.stat().st_size and path.read_bytes() == source.read_bytes()


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        with writing(folder):
            folder.rmdir()
        folder = folder.parent
