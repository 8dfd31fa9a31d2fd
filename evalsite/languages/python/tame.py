"""Tells, without parsing it, whether Python source can be parsed here at a known, small cost.

CPython's compiler trusts its input: some kilobytes can take gigabytes, minutes, or the whole process with
them. What makes it do so is countable. Every bound was measured on CPython 3.11 with sources of a hundred
shapes: within them none takes more than 50 MiB or a second, and none needs more than 1 MiB of stack.
``docs/security.md`` says what becomes of the rest.
"""

import re

MOST_CHARS = 20_000
"""Of operators in a row, comprehensions in one another and the like: all that costs stack or time by its
number.
"""
MOST_DEPTH = 30
"""Of brackets in brackets, those within texts counted in: a parser that goes back and forth doubles with
each.
"""
MOST_COPIED = 1_000_000
"""Characters that are compiled again: a ``finally`` is copied to each way out of its ``try``."""
MOST_FOLDED = 32_000_000
"""Characters of constants that the compiler makes of others: a text times a number, up to 4096, and sums of
those.
"""

_BRACKET = re.compile(r"[()\[\]{}]")
_STEPS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_FOLDED = 4096


def is_tame(source: str, most_chars: int = MOST_CHARS, most_depth: int = MOST_DEPTH) -> bool:
    """Whether source is of usual size and depth, and has nothing that CPython multiplies. Linear time."""
    return (
        len(source) <= most_chars
        and _copied(source) <= MOST_COPIED
        and source.count("+") * (len(source) + _FOLDED * source.count("*")) <= MOST_FOLDED
        and _depth(source) <= most_depth
    )


def _copied(source: str) -> int:
    levels = source.count("finally")
    if not levels:
        return 0
    exits: int = source.count("return") + source.count("break") + source.count("continue")
    return len(source) * int((exits + 2) ** min(levels, 9))


def _depth(source: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(source):
        depth = max(0, depth + _STEPS[bracket])
        if depth > deepest:
            deepest = depth
    return deepest
