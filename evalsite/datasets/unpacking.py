"""Files from elsewhere, plain or packed, read within limits: what unpacks without end is refused by name.

Rows are streamed. What has to be read whole may have :data:`MOST` bytes; what is packed may, besides, unpack
to :data:`MULTIPLE` times its size, which text never does, unless a size was asked for. So memory stays
bounded whatever a file holds.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

from evalsite.datasets.packings import BOM, DAMAGED, in_utf_8, packing_of
from evalsite.errors import DatasetError
from evalsite.rundir.regular import FETCH_LFS, POINTER_TOLD, is_pointer

MOST = 64_000_000
"""Bytes of a file that is read whole, or unpacked."""
MULTIPLE = 100
"""Times its own size that a packed file may unpack to, where it is more than :data:`FREE`."""
FREE = 16_000_000
MOST_RECORD = 4_000_000
"""Bytes of one record of answers; more than this is none."""
MOST_VALUES = 1_000_000
"""Values in one record, or records in an array, by their brackets and commas: each costs memory of its own.
"""

CUT_OFF = "The file looks cut off or damaged: fetch it again."
NOT_JSON = (
    "Names and texts stand in double quotes, no comma behind the last, each record on a line of its own."
)
NOT_UTF_8 = "Save the file as UTF-8. One from elsewhere may be damaged: fetch it again."
NOT_FOUND = "Check the path given with --data-path."


@dataclass(frozen=True)
class Room:
    """How much a file may take."""

    most: int = MOST
    asked_for: bool = False
    """Whether somebody named the size, so that no multiple counts."""
    record: int = MOST_RECORD
    """Bytes of one record."""

    def unpacked(self, packed: int) -> int:
        """Bytes that so many packed ones may become."""
        return self.most if self.asked_for else min(self.most, max(FREE, MULTIPLE * packed))

    def refuse(self, name: str, packed: int) -> DatasetError:
        """The refusal of a file, or a member of one, that takes more."""
        most = self.unpacked(packed)
        why = f"unpacks to more than {most / 1e6:g} MB"
        if most < self.most:
            why += f", more than {MULTIPLE} times its own {packed / 1e6:.1f} MB"
        return DatasetError(
            f"{name}: {why}",
            hint="If you trust it, unpack it yourself, or import it with: --max-unpacked SIZE",
        )


ROOM = Room()
"""As much as may be taken where nobody says anything."""
ROOM_OF_PROBLEMS = Room(record=128_000_000)
"""The same for problems, whose tests may be long: a contest's hold inputs of many megabytes."""


def read_bytes(path: Path, room: Room = ROOM, *, not_found: str = NOT_FOUND) -> bytes:
    """Return a file's content, unpacked where it is packed (by content, not by name), in UTF-8 without a byte
    order mark.

    Raises :class:`DatasetError`; where there is no such file, with ``not_found`` for a next step.
    """
    with _opened(path, not_found) as (file, packed):
        most = room.unpacked(path.stat().st_size) if packed else room.most
        data = file.read(most + 1)
        if len(data) > most and packed:
            raise room.refuse(str(path), path.stat().st_size)
        if len(data) > most:
            raise DatasetError(
                f"{path}: holds more than {most / 1e6:g} MB, and has to be read whole",
                hint="Make JSON lines of it, or import it with: --max-unpacked SIZE",
            )
    return data.removeprefix(BOM)


def read_head(path: Path, size: int, *, not_found: str = NOT_FOUND) -> bytes:
    """Return how a file begins."""
    with _opened(path, not_found) as (file, _):
        return file.read(size).removeprefix(BOM)


def read_lines(path: Path, room: Room = ROOM, *, not_found: str = NOT_FOUND) -> Iterator[tuple[int, bytes]]:
    """Stream a file's lines that are not blank, each with its number, without a byte order mark."""
    with _opened(path, not_found) as (file, packed):
        size = path.stat().st_size
        left = room.unpacked(size) if packed else None
        number = 0
        while line := file.readline(room.record + 1):
            number += 1
            if left is not None and (left := left - len(line)) < 0:
                raise room.refuse(str(path), size)
            if len(line) > room.record:
                raise DatasetError(f"{path}:{number}: more than {room.record / 1e6:g} MB in one line")
            line = line.removeprefix(BOM)  # also of a file that was appended to another one
            if line.strip():
                yield number, line.rstrip(b"\n")


def refuse_crowded(place: str, data: bytes) -> None:
    """Raise :class:`DatasetError` for JSON whose values would take many times the memory of its text."""
    if len(data) > MOST_VALUES and sum(map(data.count, (b"[", b"{", b","))) > MOST_VALUES:
        raise DatasetError(f"{place}: more than {MOST_VALUES:,} values, which no answers have")


def starts_with(path: Path, size: int, *, not_found: str = NOT_FOUND) -> bytes:
    """Return a file's own first bytes, packed or not."""
    with _translated(path, not_found), _to_read(path) as file:
        return file.read(size)


@contextmanager
def _opened(path: Path, not_found: str) -> Iterator[tuple[IO[bytes], bool]]:
    """Open a file, and tell whether it is packed; translate whatever goes wrong meanwhile."""
    with _translated(path, not_found), _to_read(path) as plain:
        head = plain.peek(64)
        if is_pointer(head):
            raise DatasetError(f"{path}: {POINTER_TOLD}", hint=FETCH_LFS)
        packing = packing_of(head)
        try:
            with packing.unpacked(path, plain) if packing else nullcontext(plain) as file:
                yield in_utf_8(file, file.peek(2)), packing is not None
        except DAMAGED as exc:
            kind = packing.name if packing else "packed"
            raise DatasetError(
                f"{path}: the {kind} data end early or are damaged ({exc})", hint=CUT_OFF
            ) from exc
        except UnicodeDecodeError as exc:
            raise DatasetError(
                f"{path}: begins like UTF-16, and is none ({exc.reason})", hint=CUT_OFF
            ) from exc


def _to_read(path: Path) -> BufferedReader:
    """Open a file; raises :class:`DatasetError` for a pipe or a device: files are read several times."""
    if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
        raise DatasetError(
            f"{path}: is no file but a pipe or a device, which cannot be read twice",
            hint="Write what comes of it into a file, and name that.",
        )
    return path.open("rb")


@contextmanager
def _translated(path: Path, not_found: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise DatasetError(f"{path}: no such file", hint=not_found) from exc
    except OSError as exc:
        raise DatasetError(f"{path}: cannot be read ({exc.strerror or exc})") from exc
