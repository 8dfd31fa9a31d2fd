"""Tables as Parquet, for DuckDB, pandas, polars and hubs. Takes the extra ``parquet``."""

import io

import numpy as np

from evalsite.counts.table import Table
from evalsite.errors import UsageError


def encode_parquet(table: Table) -> bytes:
    """Encode a table, null for what is not known, compressed by Zstandard.

    Half characters, which Parquet's text cannot hold, are spelled out. Raises :class:`UsageError` where the
    package that writes it is not installed.
    """
    try:
        from pyarrow.parquet import write_table
    except ImportError as exc:
        raise UsageError(
            "Parquet takes a package of its own to be written",
            hint="Add it: python -m pip install 'evalsite[parquet]'. Or write --format csv.",
        ) from exc
    whole = Table(
        {name: _spelled(column) if column.dtype == object else column for name, column in table.items()}
    )
    out = io.BytesIO()
    write_table(whole.to_arrow(), out, compression="zstd")
    return out.getvalue()


def _spelled(column: np.ndarray) -> np.ndarray:
    spelled = np.empty_like(column)
    spelled[:] = [
        value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
        for value in column
    ]
    return spelled
