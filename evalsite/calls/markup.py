"""Calls written with a tag for each argument, whose values are text: their types come from the schemas."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from evalsite.calls.matching import TYPES
from evalsite.calls.reading import Call, Unreadable, parse_json, read_call

Schemas = Mapping[str, Mapping[str, Any]]
"""Name of a tool -> JSON Schema of its arguments."""

_FUNCTION = re.compile(r"\s*+=?\s*+\"?'?([^>\s\"']{1,256})\"?'?\s*+>")
_PARAMETER = re.compile(r"<parameter\s*+(?:=|name=)\s*+[\"']?([^>\s\"']{1,256})[\"']?[^>]{0,40}>")
_ENDS = re.compile(r"</parameter>|<parameter[ =]|</function>|</invoke>|</tool_call>|\Z")
_KEY = re.compile(r"<arg_key>([^<]{1,256})</arg_key>\s*+<arg_value>")
_PYTHON = {"True": True, "False": False, "None": None}


def read_function(payload: str, schemas: Schemas) -> list[Call]:
    """Read what stands behind ``<function`` or ``<invoke name``: ``=f><parameter=x>1</parameter>``.

    A brace in place of a parameter begins arguments in JSON, as Llama 3.1 writes them.
    """
    head = _FUNCTION.match(payload)
    if head is None:
        return []
    name, rest = head[1], payload[head.end() :]
    if rest.lstrip().startswith("{"):
        return [read_call(name, rest[: rest.rfind("}") + 1] or rest)]
    return [_typed(name, _parameters(rest), schemas)]


def _parameters(text: str) -> Iterable[tuple[str, str]]:
    for found in _PARAMETER.finditer(text):
        end = _ENDS.search(text, found.end())
        yield found[1], text[found.end() : end.start() if end else len(text)]


def read_keys(payload: str, schemas: Schemas) -> list[Call]:
    """Read GLM's form: a name, then ``<arg_key>x</arg_key><arg_value>1</arg_value>``."""
    name, _, rest = payload.strip().partition("<arg_key>")
    name = name.strip()
    if (
        not name
        or name.startswith(("{", "[", "<"))
        or len(name.split()) != 1
        or (not rest and name not in schemas)
    ):
        return []
    text = payload[payload.find("<arg_key>") :] if rest else ""
    pairs = []
    for found in _KEY.finditer(text):
        end = text.find("</arg_value>", found.end())
        pairs.append((found[1].strip(), text[found.end() : end if end >= 0 else len(text)]))
    return [_typed(name, pairs, schemas)]


def _typed(name: str, pairs: Iterable[tuple[str, str]], schemas: Schemas) -> Call:
    properties = schemas.get(name, {}).get("properties") or {}
    return Call(name, {key: _value(text, properties.get(key) or {}) for key, text in pairs})


def _value(text: str, schema: Mapping[str, Any]) -> Any:
    """A value from its text: a string stays one, anything else is read as JSON, or as Python's words."""
    text = text.removeprefix("\n").removesuffix("\n")
    wanted = TYPES.get(str(schema.get("type")))
    if wanted is str:
        return text
    plain = text.strip()
    if plain in _PYTHON:
        return _PYTHON[plain]
    if wanted is bool and plain.lower() in ("true", "false"):
        return plain.lower() == "true"
    try:
        return parse_json(plain)
    except Unreadable:
        return text
