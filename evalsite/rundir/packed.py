"""Files of rows may be packed (``completions.jsonl.gz``): GitHub refuses files of more than 100 MB.

Whoever reads gets the rows; packing changes no hash that is made of them. Where a file stands beside its
packed form, as after an interrupted packing, the plain one counts.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from evalsite.errors import EvalsiteError, OutputError
from evalsite.rundir.files import reading, write_atomically, writing
from evalsite.rundir.regular import PACKED, hash_content, is_there, read_blocks


def packed_form(path: Path) -> Path:
    """Where the packed form of a file stands."""
    return path.with_name(path.name + PACKED)


def found_at(path: Path, *, packable: bool = True) -> Path | None:
    """Where a file is: its packed form, where it may have one and that alone is there; None for neither."""
    if is_there(path):
        return path
    packed = packed_form(path) if packable else None
    return packed if packed and is_there(packed) else None


def pack(path: Path) -> Path:
    """Put a file's packed form in its place, once that was read back and found the same; return where it is.

    The same content gives the same bytes. Nobody may be at work on it.
    """
    target = packed_form(path)
    with reading(path):
        write_atomically(target, _compressed(path))
        try:
            is_same = hash_content(target) == hash_content(path)
        except EvalsiteError:
            is_same = False
        if not is_same:
            target.unlink()
            raise OutputError(
                f"{target}: reads back differently", hint="The disk may be damaged; nothing was lost."
            )
    _drop(path)
    return target


def unpack(path: Path) -> None:
    """Put a file in its packed form's place. Nobody may be at work on it."""
    write_atomically(path, read_blocks(packed_form(path)))
    drop_packed(path)


def drop_packed(path: Path) -> None:
    """Remove the packed form of a file that has been written anew."""
    if is_there(packed_form(path)):
        _drop(packed_form(path))


def _drop(path: Path) -> None:
    with writing(path):
        path.unlink()


def _compressed(path: Path) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=31)  # gzip, without name and time
    for block in read_blocks(path):
        yield compressor.compress(block)
    yield compressor.flush()
