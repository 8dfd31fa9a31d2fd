"""How much room a built site takes, and what takes it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SHOWN = 5


def measure(site: Path) -> Counter[str]:
    """Return part of the site -> bytes: each run by itself, everything else by its top folder."""
    sizes: Counter[str] = Counter()
    for path in site.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = path.relative_to(site).parts
            part = "/".join(parts[:2]) if parts[0] == "runs" and len(parts) > 2 else parts[0]
            sizes[part] += path.stat().st_size
    return sizes


def largest(sizes: Counter[str]) -> Sequence[str]:
    """Return one line for each of the largest parts."""
    return [f"{megabytes(size):>10}  {part}" for part, size in sizes.most_common(SHOWN)]


def megabytes(size: int) -> str:
    """Format bytes as megabytes of 1000 x 1000."""
    return f"{size / 1e6:,.1f} MB"
