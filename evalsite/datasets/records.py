"""Reads the records of a data set file (JSONL or a JSON array, plain or gzipped), each with its place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from evalsite.datasets.unpacking import (
    MOST_RECORD,
    MOST_VALUES,
    NOT_FOUND,
    NOT_JSON,
    ROOM,
    Room,
    read_bytes,
    read_head,
    read_lines,
    refuse_crowded,
)
from evalsite.errors import DatasetError

Record = TypeVar("Record")

MISFIT = "Mend the record, or leave it out. docs/datasets.md describes the fields."


def read_records(
    path: Path, room: Room = ROOM, *, not_found: str = NOT_FOUND
) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yield ``(place, record)``, undecoded. A place is ``file:line``, or ``file: record 3`` in an array."""
    if not is_array(path, not_found=not_found):
        for number, line in read_lines(path, room, not_found=not_found):
            yield f"{path}:{number}", msgspec.Raw(line)
        return
    data = read_bytes(path, room, not_found=not_found)
    refuse_crowded(str(path), data)
    try:
        records = msgspec.json.decode(data, type=list[msgspec.Raw])
    except UNDECODABLE as exc:
        raise DatasetError(f"{path}: not valid JSON ({exc})", hint=NOT_JSON) from exc
    for number, record in enumerate(records, start=1):
        yield f"{path}: record {number}", record


def is_array(path: Path, *, not_found: str = NOT_FOUND) -> bool:
    """Whether a file is one JSON array, judged by how it begins."""
    return read_head(path, 1 << 16, not_found=not_found).lstrip()[:1] == b"["


UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What is raised for bytes that are not the JSON wanted; the last for brackets without end."""


def decode_record(
    place: str,
    record: bytes | msgspec.Raw,
    kind: type[Record],
    *,
    misfit: str = MISFIT,
    whole: bool = False,
) -> Record:
    """Decode one record; a bad one is an error naming place and field, with ``misfit`` for a next step.

    One that is a ``whole`` file may be larger than a record.
    """
    size = memoryview(record).nbytes
    if not whole and size > MOST_RECORD:
        raise DatasetError(f"{place}: more than {MOST_RECORD / 1e6:g} MB in one record")
    if size > MOST_VALUES:
        refuse_crowded(place, bytes(record))
    try:
        return msgspec.json.decode(record, type=kind)
    except msgspec.ValidationError as exc:
        what, _, field = str(exc).partition(" - at `$")
        name = field.rstrip("`").lstrip(".")
        raise DatasetError(
            f"{place}: {f'field `{name}`: ' if name else ''}{what}",
            hint=misfit,
        ) from exc
    except UNDECODABLE as exc:
        mended = _without_lone_surrogates(bytes(record))
        if mended is None or bytes(mended) == bytes(record):  # mended before, and still no JSON
            raise DatasetError(f"{place}: not valid JSON ({exc})", hint=NOT_JSON) from exc
        return decode_record(place, mended, kind, misfit=misfit, whole=whole)


def _without_lone_surrogates(record: bytes) -> msgspec.Raw | None:
    r"""Return the record with lone halves of surrogate pairs replaced; None if it has no such fault.

    Models that are cut off in the middle of a character leave such halves; UTF-8 cannot hold them.
    """
    if b"\\ud" not in record.lower():
        return None
    try:
        text = json.dumps(json.loads(record), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return msgspec.Raw(text.encode("utf-8", "replace"))
