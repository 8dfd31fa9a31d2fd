"""Tells, without parsing it, whether Python source can be parsed here at a known, small cost.

CPython's compiler trusts its input: some kilobytes can take gigabytes, minutes, or the whole process with
them. What makes it do so is countable. The bounds were measured on CPython 3.11, 3.12 and 3.13 with sources
of two hundred shapes (``bench/compiling.py``): within them none takes more than 160 MiB or a second and a
half, and none needs more than 2 MiB of stack. ``docs/security.md`` says what becomes of the rest.
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

MOST_BLOCKS = 18
"""Of comprehensions, ``try`` and ``with`` in one another: from 3.12 on, CPython has room for 21 of them, and
does not look whether a comprehension still finds some.
"""

_FOR = re.compile(r"\bfor\b")
_LOOP = re.compile(r"(?:^|[\r\n])[ \t\f]*(?:async[ \t]+)?for\b([^\r\n'\"#\\]*):[ \t]*(?=[\r\n]|$)")
_TRY = re.compile(r"(?:^|[\r\n])[ \t\f]*try\b")
_WITH = re.compile(r"(?:^|[\r\n])[ \t\f]*(?:async\s+)?with\b([^\r\n]*)")
_DEFINITION = re.compile(r"[\r\n](?=(?:def|class) )")
_TRIED = 3
"""Places that one ``try`` may take: for what follows finally, for a handler, and for the name it binds."""
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
        and max(map(_blocks, _parts(source))) <= MOST_BLOCKS
    )


def _copied(source: str) -> int:
    levels = source.count("finally")
    if not levels:
        return 0
    exits: int = source.count("return") + source.count("break") + source.count("continue")
    return len(source) * int((exits + 2) ** min(levels, 9))


def _parts(source: str) -> list[str]:
    """Source as definitions that stand beside one another, where no text could hold what looks like one."""
    return [source] if re.search(r"\"{3}|'{3}|\\[\r\n]", source) else _DEFINITION.split(source)


def _blocks(source: str) -> int:
    """How many may stand in one another, if all did that can: brackets within texts hide where they end."""
    loops = sum(map(_is_loop, _LOOP.findall(source)))
    found = len(_FOR.findall(source)) - loops
    if found:
        found += _TRIED * len(_TRY.findall(source))
        for items in _WITH.findall(source):
            found += 1 + items.count(",") if items.partition("#")[0].rstrip().endswith(":") else MOST_BLOCKS
    return found


def _is_loop(line: str) -> bool:
    """Whether a line from ``for`` to a colon is a statement, and no part of a comprehension."""
    depth = 0
    for bracket in _BRACKET.findall(line):
        depth += _STEPS[bracket]
        if depth < 0:
            return False
    return depth == 0 and "lambda" not in line


def _depth(source: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(source):
        depth = max(0, depth + _STEPS[bracket])
        if depth > deepest:
            deepest = depth
    return deepest
