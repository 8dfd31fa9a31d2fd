"""JSON Schemas of files, for editors and for other programs."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

import msgspec

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schemas"
"""Where the schema of a file that people type lies beside it: editors need no network for that."""


def schema_of(kind: Any, title: str) -> dict[str, Any]:
    """Return the JSON Schema of a type that msgspec knows, called ``title``."""
    schema: dict[str, Any] = _alike(msgspec.json.schema(kind))
    return {"$schema": DRAFT, "title": title, **schema}


def schema_path(name: str) -> str:
    """Where the schema of a file is, from the folder that the file is in."""
    return f"{FOLDER}/{name.partition('.')[0]}.schema.json"


def schema_line(name: str) -> str:
    """The first line of a TOML file, by which editors with taplo (VS Code's *Even Better TOML*) find it."""
    return f"#:schema ./{schema_path(name)}\n"


def table(keys: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """A TOML table of these keys and no others."""
    return {
        "type": "object",
        "properties": dict(keys),
        "required": list(required),
        "additionalProperties": False,
    }


def told(schema: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The schema of a key, and what editors say of it."""
    return {**schema, "description": what}


def encode_schema(schema: Mapping[str, Any]) -> str:
    """Write a schema as it is kept in files."""
    return json.dumps(schema, indent=2) + "\n"


def _alike(schema: Any) -> Any:
    """A schema that is the same whatever runs: descriptions as Python 3.13 and later keep docstrings, and the
    null last of what may be null, where older msgspec has it first.
    """
    if isinstance(schema, list):
        return sorted(map(_alike, schema), key=lambda one: one == {"type": "null"})
    if not isinstance(schema, dict):
        return schema
    told = schema.get("description")
    described = {"description": inspect.cleandoc(told)} if isinstance(told, str) else {}
    return {key: _alike(value) for key, value in schema.items()} | described
