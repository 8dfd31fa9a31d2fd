"""Small static histograms, drawn as SVG paths when the site is built."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 24
_WIDTH, _HEIGHT = 240, 48


@dataclass(frozen=True)
class Histogram:
    """A distribution as bars; the viewBox is 240 wide and 48 high."""

    title: str
    path: str
    low: str
    """The smallest value, in words; the left end of the axis."""
    high: str
    summary: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Each bin's range and count."""


def histogram(title: str, values: Sequence[float], word: Callable[[float], str]) -> Histogram | None:
    """Bin ``values``; ``word`` writes one of them. None for fewer than two values or no spread."""
    if len(values) < 2 or min(values) == max(values):
        return None
    counts, edges = np.histogram(np.asarray(values, dtype=np.float64), bins=_edges(values))
    tallest = int(counts.max())
    step = _WIDTH / len(counts)
    bars = [
        f"M{index * step:g} {_HEIGHT}v-{max(1.0, _HEIGHT * count / tallest):.3g}h{step - 1:.3g}V{_HEIGHT}z"
        for index, count in enumerate(counts.tolist())
        if count
    ]
    p50, p95 = np.percentile(np.asarray(values), (50, 95))
    return Histogram(
        title=title,
        path="".join(bars),
        low=word(float(edges[0])),
        high=word(float(edges[-1])),
        summary=f"half are below {word(float(p50))}, 95 % below {word(float(p95))}",
        head=("from", "to", "samples"),
        rows=tuple(
            (word(float(edges[index])), word(float(edges[index + 1])), f"{count:,}")
            for index, count in enumerate(counts.tolist())
            if count
        ),
    )


def _edges(values: Sequence[float]) -> list[float]:
    """Even bins; whole numbers get bins of whole width."""
    low, high = min(values), max(values)
    if all(float(value).is_integer() for value in values):
        width = max(1, math.ceil((high - low + 1) / BINS))
        bins = math.ceil((high - low + 1) / width)
        return [low + width * index for index in range(bins + 1)]
    return [low + (high - low) * index / BINS for index in range(BINS + 1)]
