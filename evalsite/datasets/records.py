"""Reads the records of a file (JSON lines, a JSON array, objects in a row; packed or not), with places."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from evalsite.datasets import slips
from evalsite.datasets.parquet import PARQUET, read_parquet
from evalsite.datasets.unpacking import (
    CUT_OFF,
    MOST_VALUES,
    NOT_FOUND,
    NOT_JSON,
    NOT_UTF_8,
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
    begins = read_head(path, 1 << 16, not_found=not_found).lstrip()
    if begins.startswith(PARQUET):
        yield from ((f"{path}: row {number}", row) for number, row in enumerate(read_parquet(path, room), 1))
        return
    if _may_be_wrapped(begins) and (wrapped := _wrapped(path, room, not_found)):
        yield from wrapped
        return
    if begins[:1] != b"[" and begins.split(b"\n", 1)[0].strip() != b"{":
        for number, line in read_lines(path, room, not_found=not_found):
            yield f"{path}:{number}", msgspec.Raw(line)
        return
    data = read_bytes(path, room, not_found=not_found)
    refuse_crowded(str(path), data)
    try:
        records = decode_json(data, list[msgspec.Raw]) if begins[:1] == b"[" else _objects_in(data)
    except UNDECODABLE as exc:
        raise not_json(str(path), exc, data) from exc
    for number, record in enumerate(records, start=1):
        yield f"{path}: record {number}", record


WRAPPERS = (
    "data",
    "records",
    "rows",
    "samples",
    "examples",
    "items",
    "problems",
    "tasks",
    "questions",
    "results",
)
"""Fields of an object around the records of a file, each a list of objects."""
_WRAPPER = re.compile(rf'\A\{{(?:.|\n)*?"(?:{"|".join(WRAPPERS)})"\s*:\s*\['.encode())


def _may_be_wrapped(begins: bytes) -> bool:
    """Whether a file that begins so may be one object with a list of records, and not a record a line."""
    line, _, rest = begins.partition(b"\n")
    return not (line.rstrip().endswith(b"}") and rest.strip()) and _WRAPPER.search(begins) is not None


def _wrapped(path: Path, room: Room, not_found: str) -> list[tuple[str, msgspec.Raw]]:
    """The records of a file that is one object with a list of them (``{"data": [...]}``), among what tells of
    them; nothing where it is none, or where several of its fields hold lists of objects.

    An element that is ``{"row": {...}}``, as a server of data sets wraps them, is the row.
    """
    try:
        data = read_bytes(path, room, not_found=not_found)
        refuse_crowded(str(path), data)
    except DatasetError:  # lines may be more than can be read whole
        return []
    try:
        fields = decode_json(data, dict[str, msgspec.Raw])
        lists = {name: found for name, raw in fields.items() if (found := _list_of_objects(raw))}
    except UNDECODABLE:
        return []
    if len(lists) != 1 or fields.keys() & _OWN or (name := next(iter(lists))) not in WRAPPERS:
        return []
    return [(f"{path}: {name}: record {n}", _row(raw)) for n, raw in enumerate(lists[name], start=1)]


_OWN = frozenset({"task_id", "name", "eval", "prompt", "doc"})
"""Fields of files, and of records, that hold lists of objects of their own."""


def _list_of_objects(raw: msgspec.Raw) -> list[msgspec.Raw]:
    found = decode_json(raw, list[msgspec.Raw]) if bytes(memoryview(raw)[:1]) == b"[" else []
    return found if all(bytes(memoryview(each)[:1]) == b"{" for each in found) else []


def _row(raw: msgspec.Raw) -> msgspec.Raw:
    fields = decode_json(raw, dict[str, msgspec.Raw])
    row = fields.get("row", raw)
    return row if bytes(memoryview(row)[:1]) == b"{" else raw


def _objects_in(data: bytes) -> list[msgspec.Raw]:
    """The objects of a file that holds one behind the other, each over several lines."""
    text, found, position = data.decode().lstrip(), [], 0
    decoder = json.JSONDecoder()
    while position < len(text):
        try:
            _, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as exc:
            raise msgspec.DecodeError(str(exc)) from exc
        found.append(msgspec.Raw(text[position:end].encode()))
        position = _BLANKS.match(text, end).end()  # type: ignore[union-attr]
    return found


_BLANKS = re.compile(r"\s*")


def is_array(path: Path, *, not_found: str = NOT_FOUND) -> bool:
    """Whether a file is one JSON array, judged by how it begins."""
    return read_head(path, 1 << 16, not_found=not_found).lstrip()[:1] == b"["


UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What is raised for bytes that are not the JSON wanted; the last for brackets without end."""


def not_json(place: str, exc: Exception, data: bytes) -> DatasetError:
    """What is wrong where one of :data:`UNDECODABLE` was raised for ``data``: cut off, or written by no JSON
    writer, but by hand or in another encoding.
    """
    if (odd := _odd_byte(data, str(exc))) is not None:
        return DatasetError(f"{place}: not UTF-8 (byte 0x{odd:02x})", hint=NOT_UTF_8)
    cut_off = isinstance(exc, UnicodeDecodeError) or "truncated" in str(exc)
    why = slips.told(data, str(exc)) or str(exc)
    return DatasetError(f"{place}: not valid JSON ({why})", hint=CUT_OFF if cut_off else NOT_JSON)


def _odd_byte(data: bytes, complaint: str) -> int | None:
    """The first byte that no UTF-8 has, unless a complaint names an earlier place; None where data only end
    within a character. The data are asked, since parsers tell of this in different words.
    """
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        wrong = slips.place_in(complaint)
        earlier = wrong is not None and wrong < exc.start
        return None if earlier or exc.reason == "unexpected end of data" else data[exc.start]
    return None


def decode_json(data: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """Decode JSON as Python writes it: with ``NaN`` and ``Infinity``, which JSON does not know, as null.

    Raises what is in :data:`UNDECODABLE`, of which ``msgspec.ValidationError`` is one.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError:
        raise
    except UNDECODABLE:
        plain = _NO_NUMBER.sub(lambda found: found[1] or b"null", bytes(data))
        if plain == bytes(data):
            raise
        return msgspec.json.decode(plain, type=kind)


_NO_NUMBER = re.compile(rb'("(?:[^"\\]++|\\.)*+(?:"|\Z))|-?\b(?:NaN|Infinity)\b', re.DOTALL)
"""What is no number, and texts, within which it is none."""


def decode_record(
    place: str,
    record: bytes | msgspec.Raw,
    kind: type[Record],
    *,
    misfit: str = MISFIT,
    whole: bool = False,
    room: Room = ROOM,
) -> Record:
    """Decode one record; a bad one is an error naming place and field, with ``misfit`` for a next step.

    One that is a ``whole`` file may be larger than a record.
    """
    size = memoryview(record).nbytes
    if not whole and size > room.record:
        raise DatasetError(f"{place}: more than {room.record / 1e6:g} MB in one record")
    if size > MOST_VALUES:
        refuse_crowded(place, bytes(record))
    try:
        return decode_json(record, kind)
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
            raise not_json(place, exc, bytes(record)) from exc
        return decode_record(place, mended, kind, misfit=misfit, whole=whole, room=room)


def refuse_halves(place: str, record: bytes | msgspec.Raw, names: Iterable[str]) -> None:
    """Raise :class:`DatasetError` where one of the named fields holds half a character (a lone surrogate).

    An answer that was cut off may be mended; what a problem is called, asks and tests may not.
    """
    if _without_lone_surrogates(bytes(record)) is None:
        return
    fields = json.loads(bytes(record))
    for name in names:
        try:
            json.dumps(fields.get(name), ensure_ascii=False).encode()
        except UnicodeEncodeError as exc:
            raise DatasetError(
                f"{place}: field `{name}` holds half a character (a lone surrogate), which no file can keep",
                hint="Write the character whole, or leave it out.",
            ) from exc


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
