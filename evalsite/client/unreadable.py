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
    if text.count("[") + text.count("{") > _DEEPEST:
        text = _shallow(text)
    return json.loads(text, parse_int=_integer)


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
