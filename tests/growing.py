"""Whether what reads a text takes time that grows with its length, or faster.

A clock decides only who is looked at more closely: a machine that others share may take any time for
anything. What is held against a reader is how its time grows, and that is a property of the reader.
"""

import time
from collections.abc import Callable

PART = 4
"""So many times shorter is the text that is read beside the whole one."""
MOST = 2 * PART
"""Linear time is PART times as long for the whole text, quadratic time PART squared; half way (in factors)
lies the limit."""
TIMES = 3
"""The quickest of them counts: others only ever make a reading slower."""


def grows_faster_than_its_text(read: Callable[[str], object], text: str) -> bool:
    """Tell whether reading takes more than linear time, by a text and by a shorter one with its ends."""
    half = len(text) // PART // 2
    shorter = text[:half] + text[-half:]
    return _quickest(read, text) > MOST * _quickest(read, shorter)


def _quickest(read: Callable[[str], object], text: str) -> float:
    """The CPU seconds that reading takes at least."""
    took = []
    for _ in range(TIMES):
        begun = time.process_time()
        read(text)
        took.append(time.process_time() - begun)
    return min(took)
