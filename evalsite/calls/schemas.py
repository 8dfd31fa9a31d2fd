"""What fits the schema of a tool, by the library ``jsonschema``; importing it takes a while."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from evalsite.calls.tools import Tool
from evalsite.words.text import shorten

MOST_MATCHED, MOST_MATCHED_BY_GROUPS = 500, 20
"""Characters of a value that a schema's ``pattern`` is tried on."""

_REPEATED_GROUP = re.compile(r"\)[*+{]")


def schema_fault(schema: Mapping[str, Any]) -> str:
    """Say why a schema is no JSON Schema (2020-12); empty where it is one."""
    try:
        Draft202012Validator.check_schema(schema)
    except (SchemaError, RecursionError) as exc:
        return shorten(exc.message, 200) if isinstance(exc, SchemaError) else "it is nested too deep"
    return ""


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """As JSON Schema's, but where Python's matcher could take for ever: see :func:`violation`."""
    most = MOST_MATCHED_BY_GROUPS if _REPEATED_GROUP.search(pattern) else MOST_MATCHED
    if isinstance(value, str) and len(value) <= most and not re.search(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _unique(_: Any, wanted: bool, value: Any, __: Any) -> Iterator[ValidationError]:
    """As JSON Schema's, in linear time."""
    elements = value if wanted and isinstance(value, list) else []
    if len({json.dumps(each, sort_keys=True) for each in elements}) < len(elements):
        yield ValidationError("it has the same element twice")


_Validator = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique})


@lru_cache(maxsize=4096)
def _validator(parameters: bytes) -> Any:
    return _Validator(msgspec.json.decode(parameters), registry=Registry())


def violation(arguments: Mapping[str, Any], tool: Tool) -> str:
    """Say how arguments break their tool's schema (JSON Schema 2020-12); empty where they fit it.

    Checked by the library ``jsonschema``, as the vendor verifiers do. What a schema says that cannot be
    checked blames nobody: a reference to what is not in it (nothing is fetched) or that has no end, and a
    ``pattern`` of a value of more than :data:`MOST_MATCHED` characters (of more than
    :data:`MOST_MATCHED_BY_GROUPS`, where a group of it repeats).
    """
    validator = _validator(msgspec.json.encode(tool.parameters))
    try:
        error = next(validator.iter_errors(arguments), None)
    except (Unresolvable, RecursionError, re.error):
        return ""
    if error is None:
        return ""
    where = error.json_path.removeprefix("$").removeprefix(".")
    return shorten(f"{where}: {error.message}" if where else error.message, 300)
