"""Calls written as JSON objects: the names that families give to a call's name and to its arguments."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from evalsite.calls.reading import Call, Unreadable, brackets, check_limits, parse_json, read_call, take

NAMES = ("name", "tool_name", "function_name", "tool", "function", "recipient_name")
"""Keys that hold a call's name."""
ARGUMENTS = ("arguments", "parameters", "args", "input", "tool_input", "params", "kwargs")
"""Keys that hold its arguments."""
_WRAPPED = ("tool_calls", "function_call", "tool_call", "calls")

_NAMED = re.compile(r'"(?:name|tool_name|function_name)"\s*+:\s*+"([^"\\]{1,200})"')
_MOST_TRIES = 20


def calls_in(value: Any, depth: int = 0, sure: bool = False) -> list[Call] | None:
    """Return the calls that a parsed value holds: one, or an array of them; None where it holds any other.

    ``sure``: only what has arguments is a call.
    """
    if depth > 3:
        return None
    if isinstance(value, list):
        found: list[Call] = []
        for each in value:
            inner = calls_in(each, depth + 1, sure)
            if inner is None:
                return None
            found.extend(inner)
        return found or None
    if not isinstance(value, dict):
        return None
    for key in _WRAPPED:
        if key in value:
            return calls_in(value[key], depth + 1, sure)
    if isinstance(value.get("function"), dict):
        return calls_in(value["function"], depth + 1, sure)
    name = next((value[key] for key in NAMES if isinstance(value.get(key), str)), None)
    held = next((each for each in ARGUMENTS if each in value), None)
    if name is None or (sure and held is None):
        return None
    return [_call(name, value[held] if held else None)]


def _call(name: str, arguments: Any) -> Call:
    """A call; arguments that are a string are JSON in many families, and are read as such once."""
    return read_call(name, arguments) if isinstance(arguments, str) else take(name, arguments)


def read_marked(payload: str) -> list[Call]:
    """Read what a family's marks enclose: one or several JSON values in a row.

    Where it begins as JSON and is none, one call comes back that cannot be read.
    """
    text = payload.strip()
    if not text.startswith(("{", "[")):
        return []
    found: list[Call] = []
    try:
        for value in values_in(text):
            found.extend(calls_in(value) or ())
    except Unreadable as exc:
        named = _NAMED.search(text)
        found.append(Call(named[1] if named else "", None, str(exc)))
    return found


def values_in(text: str) -> Iterator[Any]:
    """Yield the JSON values that stand in a row, with blanks, commas or semicolons between them.

    Raises Unreadable at what is none, and at a bracket that closes nothing. Prose behind them is left alone.
    """
    check_limits(text)
    position = 0
    while position < len(text):
        if text[position] in "]}":
            raise Unreadable(f"no JSON: {text[position]} closes nothing at character {position}")
        if text[position] not in "{[":
            return
        end = _end_of(text, position)
        yield parse_json(text[position:end])
        position = end
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1


def _end_of(text: str, start: int) -> int:
    """Where the bracket at ``start`` is closed; the text's end where it is not."""
    return next((end for end, depth in brackets(text, start) if depth == 0), len(text))


_OBJECT = re.compile(r'[{\[]\s*+(?:\{\s*+)?"(?:name|tool_name|function_name|function|type|tool|tool_calls)"')


def read_bare(text: str, names: Collection[str]) -> list[Call]:
    """Read JSON objects that stand in prose and are calls of tools that were offered.

    Nothing marks them, so an object has to name such a tool and to have arguments.
    """
    found: list[Call] = []
    position = 0
    for _ in range(_MOST_TRIES):
        opened = _OBJECT.search(text, position)
        if opened is None:
            break
        end = _end_of(text, opened.start())
        position = end
        try:
            value = parse_json(text[opened.start() : end])
        except Unreadable:
            position = opened.end()
            continue
        found.extend(call for call in calls_in(value, sure=True) or () if call.name in names)
    return found
