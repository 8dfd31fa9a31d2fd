"""Parquet, as data sets and answers are kept on hubs: rows as JSON records. Takes the extra ``parquet``."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from evalsite.datasets.unpacking import CUT_OFF, Room
from evalsite.errors import DatasetError

PARQUET = b"PAR1"
"""What such a file begins with."""
_ROWS = 16
"""Read at once: a column's dictionary may stand for one long text in each of them."""


def read_parquet(path: Path, room: Room) -> Iterator[msgspec.Raw]:
    """Yield the rows. Raises :class:`DatasetError` for one that is damaged, or takes more than ``room``."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as exc:
        raise DatasetError(
            f"{path}: Parquet, which takes a package of its own to be read",
            hint="Add it: python -m pip install 'evalsite[parquet]'. Or make JSON lines of the file.",
        ) from exc
    left = room.unpacked(path.stat().st_size)
    try:
        with ParquetFile(path) as file:
            groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
            if sum(group.total_byte_size for group in groups) > left:
                raise room.refuse(str(path), path.stat().st_size)
            for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
                for row in batch.to_pylist():
                    record = msgspec.json.encode(row)
                    left -= len(record)
                    if left < 0:
                        raise room.refuse(str(path), path.stat().st_size)
                    yield msgspec.Raw(record)
    except (pyarrow.ArrowException, OSError, TypeError) as exc:
        raise DatasetError(
            f"{path}: the Parquet data end early or are damaged ({exc})", hint=CUT_OFF
        ) from exc
