"""What a record's Python can be seen to lack, without running it."""

import re

from evalsite.languages.python.code import bound_names
from evalsite.languages.python.syntax import parse
from evalsite.languages.python.tame import is_tame

MOST_PARSED = 50_000
"""Characters of tests that are parsed; HumanEval+ has some of half a million, most of it values."""


def not_python(source: str) -> str:
    """Why a text is no Python, and where; empty where it is, and where it is too long or odd to be read."""
    if not _is_read(source):
        return ""
    try:
        parse(source)
    except SyntaxError as exc:
        return f"is no Python ({exc.msg}{f', line {exc.lineno}' if exc.lineno else ''})"
    except (ValueError, RecursionError, MemoryError) as exc:
        return f"is no Python ({exc})"
    return ""


def may_define(source: str, name: str) -> bool:
    """Whether a module binds a name; of one that is long, odd or no Python, whether the name stands in it."""
    if not _is_read(source) or not_python(source):
        return re.search(rf"\b{re.escape(name)}\b", source) is not None
    return bool({name, "*"} & bound_names(parse(source).body))


def _is_read(source: str) -> bool:
    return len(source) <= MOST_PARSED and is_tame(source)
