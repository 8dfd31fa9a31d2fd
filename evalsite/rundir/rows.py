"""What the fields of a run directory's files are made of: numbers within bounds, and the base of a row."""

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_000)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1_000_000_000)]
"""No longer than thirty years; so much can be added up and printed."""
Number = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
"""Of a sample, a line, a status: what is out of a run's own range is for ``evalsite validate`` to tell."""
Amount = Annotated[float, msgspec.Meta(ge=0, le=1_000_000_000_000)]


class Row(msgspec.Struct, frozen=True):
    """Base of the rows of ``*.jsonl`` files; unknown fields of newer minor versions are ignored."""
