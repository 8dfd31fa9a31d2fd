"""Arguments of a call, read from what a model wrote: an object, or the reason why there is none.

Whatever a model writes is read in linear time: at most :data:`MOST_CHARACTERS` of it, nested at most
:data:`MOST_DEPTH` deep.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from evalsite.words.text import shorten

MOST_CHARACTERS = 2**20
"""Arguments longer than this are not read, and a text is searched for calls no further."""
SHOWN = 2000
"""Characters that are shown of arguments that cannot be read."""
MOST_DEPTH = 64
"""Arrays and objects inside of each other."""

EMPTY, STRINGIFIED, REPEATED, DOUBLED = (
    "empty_arguments",
    "stringified_arguments",
    "repeated_call",
    "duplicate_keys",
)
SYMPTOMS = {
    EMPTY: "a call without any argument, of a tool that requires some",
    STRINGIFIED: "arguments that are a string with JSON inside, in place of an object",
    REPEATED: "the same call twice",
    DOUBLED: "arguments that name the same argument twice; the last one counts, as in json.loads",
}
"""What is told of calls beside their verdict -> what it means."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True)
class Call:
    """One call as it was made. ``arguments`` is None where they could not be read; ``why`` says why."""

    name: str
    """As the model wrote it; empty where it wrote none."""
    arguments: dict[str, Any] | None
    why: str = ""
    symptoms: tuple[str, ...] = ()
    """Names of :data:`SYMPTOMS` that its arguments show."""
    written: str = ""
    """The first characters of arguments that could not be read."""


class Unreadable(Exception):  # noqa: N818 -- never leaves this room: it says what a model wrote, not what failed
    """Text that is no JSON, in words that can stand behind "the arguments are ..."."""


def read_call(name: str, text: str) -> Call:
    """Read a call's arguments, as JSON text; no text at all is taken for no arguments."""
    if not text.strip():
        return Call(name, {})
    doubled: list[str] = []
    try:
        value = parse_json(text, doubled)
    except Unreadable as exc:
        return Call(name, None, str(exc), written=shorten(text, SHOWN))
    found = take(name, value, (DOUBLED,) if doubled else ())
    return found if found.arguments is not None else replace(found, written=shorten(text, SHOWN))


def take(name: str, value: Any, symptoms: tuple[str, ...] = ()) -> Call:
    """Make a call of a value that is meant as its arguments: an object, or nothing at all."""
    if value is None:
        return Call(name, {}, symptoms=symptoms)
    if isinstance(value, dict):
        return Call(name, value, symptoms=symptoms)
    if isinstance(value, str):
        if _holds_json(value):
            return Call(name, None, "a string with JSON inside", (*symptoms, STRINGIFIED))
        return Call(name, None, "a string", symptoms)
    return Call(name, None, f"{_TITLES[type(value)]}, not an object", symptoms)


_TITLES: dict[type, str] = {list: "an array", bool: "true or false", int: "a number", float: "a number"}


def _holds_json(text: str) -> bool:
    try:
        return isinstance(parse_json(text), dict | list | str)
    except Unreadable:
        return False


def parse_json(text: str, doubled: list[str] | None = None) -> Any:
    """Parse strict JSON (RFC 8259): neither NaN nor Infinity, no control characters in strings.

    Keys that an object has twice are appended to ``doubled``; the last one counts. Raises Unreadable.
    """
    check_limits(text)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if doubled is not None and len(found) < len(items):
            doubled.extend(sorted(name for name, _ in items))
        return found

    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=pairs)
    except json.JSONDecodeError as exc:
        raise Unreadable(f"no JSON: {exc.msg} at character {exc.pos}") from None
    except ValueError:
        raise Unreadable("no JSON that can be read: a number of thousands of digits") from None


def _refuse(word: str) -> Any:
    raise Unreadable(f"no JSON: {word} is no number of it")


def check_limits(text: str) -> None:
    """Raise Unreadable for a text that is longer, or nested deeper, than is read."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"{len(text):,} characters long, and at most {MOST_CHARACTERS:,} are read")
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return
    if any(depth > MOST_DEPTH for _, depth in brackets(text)):
        raise Unreadable(f"nested more than {MOST_DEPTH} deep")


def brackets(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where each bracket of JSON ends that stands outside of strings, and how deep the text is behind it."""
    depth = 0
    for found in _BRACKETS.finditer(text, start):
        if found[0] in "[]{}":
            depth += 1 if found[0] in "[{" else -1
            yield found.end(), depth


def too_deep(value: Any) -> bool:
    """Whether a value that somebody else parsed is nested deeper than is read."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH + 1:
            return True
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list | tuple):
                inner.extend(each)
        level = inner
    return False
