"""JSON that holds what Python does not read: numbers too long, lists and objects too deep. Pure."""

import json
import re
from typing import Any

UNREADABLE = object()
"""In place of a number of thousands of digits: no text is made of it, so that arguments with one are none."""
_TOO_LONG = "9" * 5000
"""Such a number."""
_DEEPEST = 200
"""Lists and objects within each other."""
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def loads(text: str) -> Any:
    """Read JSON, with :data:`UNREADABLE` in place of numbers that are too long and all that is too deep.

    Raises ValueError for what is no JSON. How deep Python itself reads depends on its version, and on how
    deep it stands when it is asked: so that is not tried.
    """
    return json.loads(_shallow(text) if _many(text) else text, parse_int=_integer)


def is_too_deep(text: str) -> bool:
    """Whether JSON holds lists and objects deeper within each other than is read."""
    return _many(text) and _shallow(text) != text


def _many(text: str) -> bool:
    """Whether it may be too deep, which costs less to see."""
    return text.count("[") + text.count("{") > _DEEPEST


def _shallow(text: str) -> str:
    """JSON with what cannot be read in place of all that is nested too deep; in one pass."""
    kept, depth, begin = [], 0, 0
    for token in _STRUCTURE.finditer(text):
        if token[0] in "[{":
            if depth == _DEEPEST:
                kept.append(text[begin : token.start()])
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth == _DEEPEST:
                kept.append(_TOO_LONG)
                begin = token.end()
    return "".join([*kept, text[begin:] if depth <= _DEEPEST else ""])


def _integer(digits: str) -> object:
    """A number; what stands for one that Python does not read, so that no answer is lost for it."""
    try:
        return int(digits)
    except ValueError:
        return UNREADABLE
