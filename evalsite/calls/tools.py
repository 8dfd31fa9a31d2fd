"""Tools in OpenAI's form: how their names go over the wire and come back."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

MOST_NAME = 64
"""Characters of a name on the wire: OpenAI takes ``[a-zA-Z0-9_-]{1,64}``."""
_FOREIGN = re.compile(r"[^a-zA-Z0-9_-]")
_BFCL_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": None}
"""BFCL's own words for a type -> JSON Schema's; None for anything at all."""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """One tool that a model may call."""

    name: str
    """As the data set has it, dots and all."""
    description: str = ""
    parameters: dict[str, Any] = {}
    """JSON Schema of its arguments, an object's."""


def wire_names(tools: Iterable[Tool]) -> dict[str, str]:
    """Map each tool's name to the one that servers take: dots and other characters become ``_``.

    Names that would come out alike, or too long, end in a hash of their own, so that each has one way back.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted({tool.name for tool in tools}, key=lambda name: (bool(_FOREIGN.search(name)), name)):
        wire = _FOREIGN.sub("_", name)
        if wire in taken or len(wire) > MOST_NAME or not wire:
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            wire = f"{wire[: MOST_NAME - 9]}_{digest}"
        taken.add(wire)
        found[name] = wire
    return found


def own_names(tools: Sequence[Tool]) -> dict[str, str]:
    """Map what a model may call a tool by, on the wire or as the data set has it, to the tool's own name."""
    names = wire_names(tools)
    return {wire: own for own, wire in names.items()} | {own: own for own in names}


def as_sent(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """Return the value of ``tools`` in a request of the chat API."""
    names = wire_names(tools)
    return [
        {
            "type": "function",
            "function": {
                "name": names[tool.name],
                "description": tool.description,
                "parameters": tool.parameters or {"type": "object", "properties": {}},
            },
        }
        for tool in tools
    ]


def from_bfcl(schema: Any) -> Any:
    """Return a schema with BFCL's words for types put into JSON Schema's, and nothing else changed.

    What JSON Schema knows under the same name and means otherwise (``required: true``) is left out.
    """
    if not isinstance(schema, dict):
        return schema
    changed = dict(schema)
    kind = changed.get("type")
    if isinstance(kind, str) and kind in _BFCL_TYPES:
        changed["type"] = _BFCL_TYPES[kind]
        if changed["type"] is None:
            del changed["type"]
    if "required" in changed and not isinstance(changed["required"], list):
        del changed["required"]
    if isinstance(changed.get("properties"), dict):
        changed["properties"] = {name: from_bfcl(each) for name, each in changed["properties"].items()}
    if "items" in changed:
        changed["items"] = from_bfcl(changed["items"])
    return changed
