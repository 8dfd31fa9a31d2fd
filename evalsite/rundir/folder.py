"""A folder of documents and rows, of which a run's and a distance's are: how it is read and added to.

A document is a JSON file with a format, replaced atomically. Rows are lines of JSON, appended; a torn last
line is left out with a warning, and any other one that does not decode is a :class:`RunFormatError` naming
file, line and field. Files of rows may be packed (``completions.jsonl.gz``), which nobody outside needs to
know.
"""

import logging
import os
import shutil
from collections import deque
from collections.abc import Container, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar, TypeVar

import msgspec

from evalsite.errors import RunError, RunFormatError
from evalsite.rundir.files import UNDECODABLE, Appender, reading, write_atomically, writing
from evalsite.rundir.packed import drop_packed, found_at, pack, packed_form, unpack
from evalsite.rundir.regular import PACKED, is_there, read_lines, read_whole
from evalsite.words.commands import command

log = logging.getLogger("evalsite")

LOCK = ".lock"

Read = TypeVar("Read", bound=msgspec.Struct)
Document = TypeVar("Document", bound=msgspec.Struct)


class _Header(msgspec.Struct):
    format: int


class Folder:
    """One such folder. Opening it reads nothing; every method reads or writes one file."""

    record: ClassVar[str]
    """The document that makes a folder one of its kind."""
    what: ClassVar[str]
    """What such a folder is, in words that follow "no"."""
    newest: ClassVar[int]
    """The highest format of its documents that is read."""
    names: ClassVar[tuple[str, ...]]
    """The files that say something."""
    packable: ClassVar[Container[str]] = ()
    """Those that may stand there packed."""
    grows: ClassVar[tuple[str, ...]] = ()
    """Those that are appended to, and packed."""
    goes_on: ClassVar[str]
    """The command that goes on with one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._warned: set[str] = set()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def exists(self) -> bool:
        """Whether this is a folder of the kind, judged by its record."""
        return self._has(self.record)

    def remove(self) -> None:
        """Remove the whole directory, whatever else stands in it."""
        with writing(self.path):
            shutil.rmtree(self.path)

    def pack(self) -> list[Path]:
        """Pack the files of rows that are added to, and return the packed ones. The lock has to be held."""
        return [pack(path) for path in (self.path / name for name in self.grows) if is_there(path)]

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield each file that is there, and where it stands, which may be packed."""
        there = self._listed()
        for name in self.names:
            may_stand = there is None or not there.isdisjoint((name.casefold(), f"{name}{PACKED}".casefold()))
            if may_stand and (path := self._found(name)) is not None:
                yield name, path

    def _listed(self) -> set[str] | None:
        """What the folder holds, asked once, as a disk compares names that knows no small letters; None where
        it may not be looked through.
        """
        try:
            with os.scandir(self.path) as listed:
                return {each.name.casefold() for each in listed}
        except OSError:
            return None

    def lock(self) -> AbstractContextManager[None]:
        """Hold the folder for writing; a second process is refused. A killed process lets go by itself."""
        from evalsite.rundir.locks import locked  # by a package that whoever only reads needs not

        return locked(self.path / LOCK)

    def as_they_stand(self, name: str, kind: type[Read]) -> Iterator[Read]:
        """Stream the rows of a file, whatever their keys; none where there is no such file."""
        path = self._at(name)
        if path.name == name and is_there(packed_form(path)):
            self._warn(
                f"{path}: stands there packed as well, which is left out; remove {packed_form(path).name}"
            )
        decoder = msgspec.json.Decoder(kind)
        try:
            with reading(path):
                for number, line in read_lines(path):
                    try:
                        yield decoder.decode(line)
                    except UNDECODABLE as exc:
                        if line.endswith(b"\n"):
                            raise _format_error(path, number, exc) from exc
                        self._warn(f"{path}:{number}: the last line is cut off; it will be made again")
        except FileNotFoundError:
            return

    def _has(self, name: str) -> bool:
        return self._found(name) is not None

    def _at(self, name: str) -> Path:
        """Where a file stands, or would if it were there."""
        return self._found(name) or self.path / name

    def _found(self, name: str) -> Path | None:
        """Where a file stands: packed, where it may be and is not there otherwise; None where it is not."""
        path = self.path / name
        with reading(path):
            return found_at(path, packable=name in self.packable)

    def _append(self, name: str) -> Appender:
        """Open a file for appending; it is unpacked first where that is needed."""
        path = self.path / name
        if self._at(name) != path:
            unpack(path)
            log.warning(
                "%s: unpacked, to be added to; pack it again with: %s", path, command("pack", self.path)
            )
        return Appender(path, self.goes_on)

    def _write_rows(self, name: str, rows: Iterable[bytes]) -> None:
        write_atomically(self.path / name, b"".join(rows))
        drop_packed(self.path / name)

    def _read_record(self, kind: type[Document]) -> Document:
        """Read the record, in a folder of whose files none leads elsewhere."""
        deque(self.files(), maxlen=0)
        return self._read(self.record, kind)

    def _read(self, name: str, kind: type[Document]) -> Document:
        path = self.path / name
        try:
            with reading(path):
                data = read_whole(path)
        except FileNotFoundError as exc:
            raise RunError(
                f"{path}: no such file, so {self.path} is no {self.what}",
                hint=f"Name a folder that holds {self.record}, such as one below runs/.",
            ) from exc
        self._check_format(path, data)
        try:
            return msgspec.json.decode(data, type=kind)
        except UNDECODABLE as exc:
            raise _format_error(path, None, exc) from exc

    def _check_format(self, path: Path, data: bytes) -> None:
        """Raise :class:`RunFormatError` where a document says that it has a format that is not known here."""
        try:
            version = msgspec.json.decode(data, type=_Header).format
        except UNDECODABLE as exc:
            raise _format_error(path, None, exc) from exc
        if version > self.newest:
            raise RunFormatError(
                f"{path}: format {version} was written by a newer evalsite (this one reads up to "
                f"{self.newest})",
                hint="Upgrade: python -m pip install --upgrade evalsite",
            )
        if version < 1:
            raise RunFormatError(f"{path}: field `format`: {version} is no format version")

    def _write(self, name: str, document: msgspec.Struct) -> None:
        data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
        write_atomically(self.path / name, data)

    def _warn(self, warning: str) -> None:
        """Say something once, however often the file is read."""
        if warning not in self._warned:
            self._warned.add(warning)
            log.warning("%s", warning)


def _format_error(path: Path, line: int | None, exc: Exception) -> RunFormatError:
    """Name path, line and field for what msgspec says as ``Expected `int`, got `str` - at `$.format```."""
    what, _, place = str(exc).partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    where = str(path) if line is None else f"{path}:{line}"
    return RunFormatError(
        f"{where}: {f'field `{field}`: ' if field else ''}{what}",
        hint="Restore the file, or take the line out; 'evalsite validate' lists what else is wrong.",
    )
