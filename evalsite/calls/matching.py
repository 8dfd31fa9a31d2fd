"""Whether a call's arguments are among those that its data set accepts.

The rules are those of the Berkeley Function Calling Leaderboard's published checker, in our own words and
code (https://github.com/ShishirPatil/gorilla, berkeley-function-call-leaderboard,
``bfcl_eval/eval_checker/ast_eval/ast_checker.py``, as in bfcl-eval 2026.3.23; Patil et al. 2025, "The
Berkeley Function Calling Leaderboard", ICML). ``bench/calls.py`` holds them against it.

- Every argument that the schema requires is there; every argument that is there is one of the schema's and
  of the accepted ones; what is left out has ``""`` among its accepted values.
- A value has the type that its schema names. An integer is taken for a number, and never the other way
  round; true and false are no integers. A value of another type is right where the first accepted value that
  is not ``""`` has that type, and is then compared as it is.
- Strings are compared without case, without blanks and ``,./-_*^``, and with ``'`` read as ``"``.
- An array's elements have the type of its items or that of the accepted array's first one; elements that are
  strings are compared as strings, others as they are, in order. Where ``""`` is accepted, ``[]`` is.
- An object has, by each name, one of the values accepted for that name, and leaves out only names that have
  ``""`` among theirs. Arrays of objects are compared element by element, in order.
- Calls may come in any order: each accepted call, in turn, takes the first call that is left and that fits.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evalsite.words.text import shorten

Accepted = Mapping[str, Sequence[Any]]
"""Argument -> values that are accepted for it; ``""`` among them says that it may be left out."""

TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
}
"""A type of JSON Schema -> the type that its values have when read."""

_IGNORED = re.compile(r"[ ,./\-_*^]")


def mismatch(arguments: Mapping[str, Any], accepted: Accepted, schema: Mapping[str, Any]) -> str:
    """Say why arguments are not accepted; empty where they are. ``schema`` is the tool's ``parameters``."""
    properties = schema.get("properties") or {}
    for name in schema.get("required") or ():
        if name not in arguments:
            return f"lacks {name!r}, which is required"
    for name, value in arguments.items():
        if name not in properties or name not in accepted:
            return f"has an argument {_show(name)} that is not wanted"
        why = _value(value, accepted[name], properties[name])
        if why:
            return f"{name!r} {why}"
    for name, values in accepted.items():
        if name not in arguments and "" not in values:
            return f"lacks {name!r}, whose value was told"
    return ""


def _value(value: Any, accepted: Sequence[Any], schema: Mapping[str, Any]) -> str:
    first = next((type(each) for each in accepted if each != ""), None)
    declared = schema.get("type")
    wanted = (TYPES.get(declared) if isinstance(declared, str) else None) or first or type(value)
    if wanted is float and type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            return "is a number that no float holds"
    as_it_is = first is not None and first is not wanted
    items = schema.get("items")
    element: type | None = (
        TYPES.get(str(items.get("type"))) if wanted is list and isinstance(items, dict) else None
    )
    if type(value) is wanted:
        if element is not None and not any(_elements_fit(value, option, element) for option in accepted):
            return f"has elements of another type: {_show(value)}"
    elif type(value) is first:
        as_it_is = True
    else:
        return f"has another type: {_show(value)}"
    if as_it_is:
        right = value in accepted
    elif wanted is dict:
        right = any(_object_fits(value, option) for option in accepted)
    elif wanted is list and element is dict:
        right = any(_objects_fit(value, option) for option in accepted)
    elif wanted is list:
        plain = [_plain(each) for each in value]
        right = any(plain == [_plain(each) for each in option] for option in _arrays(accepted))
    else:
        right = _plain(value) in [_plain(each) for each in accepted]
    return "" if right else f"is {_show(value)}, and accepted is {_show(list(accepted))}"


def _elements_fit(value: Any, option: Any, element: type) -> bool:
    if not isinstance(option, list):
        return True
    first = next((type(each) for each in option if each != ""), None)
    return all(type(each) in (element, first) for each in value)


def _arrays(accepted: Sequence[Any]) -> list[list[Any]]:
    return [[] if option == "" else option for option in accepted if option == "" or isinstance(option, list)]


def _objects_fit(value: list[Any], option: Any) -> bool:
    if not isinstance(option, list | str) or len(value) != len(option):
        return False
    return all(
        isinstance(each, dict) and _object_fits(each, other)
        for each, other in zip(value, option, strict=True)
    )


def _object_fits(value: Mapping[str, Any], option: Any) -> bool:
    if not isinstance(option, dict):
        return False
    for name, each in value.items():
        values = option.get(name)
        if not isinstance(values, list) or _plain(each) not in [_plain(other) for other in values]:
            return False
    return all(name in value or "" in values for name, values in option.items())


def _plain(value: Any) -> Any:
    """A string without what does not count; anything else as it is."""
    if not isinstance(value, str):
        return value
    return _IGNORED.sub("", value).lower().replace("'", '"')


def _show(value: Any) -> str:
    return shorten(repr(value), 120)
