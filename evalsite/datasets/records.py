"""Reads the records of a data set file (JSONL or a JSON array, plain or gzipped), each with its place."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from evalsite.errors import DatasetError

Record = TypeVar("Record")

CUT_OFF = "The file looks cut off or damaged: fetch it again."
NOT_FOUND = "Check the path given with --data-path."
MISFIT = "Mend the record, or leave it out. docs/datasets.md describes the fields."


def read_records(path: Path, *, not_found: str = NOT_FOUND) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yield ``(place, record)``, undecoded. A place is ``file:line``, or ``file: record 3`` in an array."""
    data = read_bytes(path, not_found=not_found)
    if data.lstrip()[:1] == b"[":
        try:
            records = msgspec.json.decode(data, type=list[msgspec.Raw])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise DatasetError(f"{path}: not valid JSON ({exc})", hint=CUT_OFF) from exc
        for number, record in enumerate(records, start=1):
            yield f"{path}: record {number}", record
        return
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", msgspec.Raw(line)


def decode_record(
    place: str, record: bytes | msgspec.Raw, kind: type[Record], *, misfit: str = MISFIT
) -> Record:
    """Decode one record; a bad one is an error naming place and field, with ``misfit`` for a next step."""
    try:
        return msgspec.json.decode(record, type=kind)
    except msgspec.ValidationError as exc:
        what, _, field = str(exc).partition(" - at `$")
        name = field.rstrip("`").lstrip(".")
        raise DatasetError(
            f"{place}: {f'field `{name}`: ' if name else ''}{what}",
            hint=misfit,
        ) from exc
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        mended = _without_lone_surrogates(bytes(record))
        if mended is None or bytes(mended) == bytes(record):  # mended before, and still no JSON
            raise DatasetError(f"{place}: not valid JSON ({exc})", hint=CUT_OFF) from exc
        return decode_record(place, mended, kind, misfit=misfit)


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


def read_bytes(path: Path, *, not_found: str = NOT_FOUND) -> bytes:
    """Return a file's content, unzipped where it is gzipped (by content, not by name).

    Raises :class:`DatasetError`; where there is no such file, with ``not_found`` for a next step.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
        raise DatasetError(f"{path}: the gzip data end early or are damaged ({exc})", hint=CUT_OFF) from exc
    except FileNotFoundError as exc:
        raise DatasetError(f"{path}: no such file", hint=not_found) from exc
    except OSError as exc:
        raise DatasetError(f"{path}: cannot be read ({exc.strerror})") from exc
