"""The time of day as rows of a run write it."""

import functools
import time


def stamp() -> str:
    """Return the time to the millisecond: ``2026-11-22T16:54:00.123Z``."""
    ms = time.time_ns() // 1_000_000
    return f"{_second(ms // 1000)}.{ms % 1000:03d}Z"


@functools.lru_cache(maxsize=1)
def _second(since_1970: int) -> str:
    """Return a second's part of a stamp; many answers come within one."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since_1970))
