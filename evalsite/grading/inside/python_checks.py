"""What tests that are made of data need beside what they assert: they import it from here, by name."""

import datetime
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

_NUMBERS = {bool, int, float, complex, Decimal, Fraction}
_MOMENTS = {datetime.date, datetime.datetime, datetime.time, datetime.timedelta}
_LEAVES = frozenset({*_NUMBERS, *_MOMENTS, str, bytes, type(None), type(Ellipsis), range})
_ROWS = frozenset({list, tuple, set, frozenset, deque})
_TABLES = frozenset({dict, OrderedDict, defaultdict, Counter})
_DEPTH = 100


_hears: list[Callable[[str], None]] = []


def reached(part: str) -> None:
    """Tell that a part of the tests has passed. Only the process of the tests is believed."""
    for hear in _hears:
        hear(part)


def let_hear(hear: Callable[[str], None]) -> None:
    """Have this called with each part that passes from now on, and nobody else."""
    _hears[:] = [hear]


def is_plain(value: Any, depth: int = _DEPTH) -> bool:
    """Whether a value is data through and through, so that it equals what it is and nothing else."""
    cls = type(value)
    if cls in _ROWS:
        return depth > 0 and all(is_plain(each, depth - 1) for each in value)
    if cls in _TABLES:
        return depth > 0 and is_plain(list(value), depth) and is_plain(list(value.values()), depth)
    return cls in _LEAVES


def are_plain(arguments: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Whether a function is given nothing but such values, and functions."""
    given = (*arguments, *options.values())
    return all(isinstance(each, types.FunctionType) or is_plain(each) for each in given)
