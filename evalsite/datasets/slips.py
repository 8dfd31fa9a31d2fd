"""JSON as people type it: what is wrong with it, in the words of somebody who has it before them."""

import re

import msgspec

_PLACE = re.compile(r"\(byte (\d+)\)\s*\Z")
_CURLY = "“”„‟‘’‚«»"
_WORDS = re.compile(r"(None|True|False|undefined|nil)\b")

NO_NAME = "names stand in double quotes, and here is none"
_BY_COMPLAINT = (
    ("trailing comma", "a comma stands behind the last value"),
    ("invalid escape", "a backslash within a text is written twice (\\\\)"),
    ("expected ':'", "a colon lacks behind the name"),
    ("expected ','", 'a comma lacks, or a double quote within a text, which is written \\"'),
    ("trailing characters", "something stands behind the end of the record"),
    ("keys must be strings", NO_NAME),
    ("expected '\"'", NO_NAME),
)
"""A part of the parser's complaint -> what was done."""


def told(data: bytes, complaint: str) -> str:
    """Say which slip a text holds where ``complaint``, the parser's words, found a fault, and where.

    Empty where the parser gives no place, or what stands there is no slip that people make.
    """
    place = place_in(complaint)
    if place is None:
        return ""
    before, rest = (
        data[:place].decode("utf-8", "replace"),
        data[place : place + 40].decode("utf-8", "replace"),
    )
    slip = _by_sign(rest, before) or next((words for part, words in _BY_COMPLAINT if part in complaint), "")
    if not slip:
        return ""
    line, column = before.count("\n"), len(before) - before.rfind("\n")
    return f"{f'line {line + 1}, ' if line else ''}column {column}: {slip}"


def place_in(complaint: str) -> int | None:
    """Return which byte a parser's complaint names, counted from 0."""
    found = _PLACE.search(complaint)
    return int(found[1]) if found else None


def slip_in(data: bytes) -> str:
    """Say which slip keeps a text from being JSON; empty where it is JSON, or holds no slip that is known."""
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        return told(data, str(exc))
    return ""


def _by_sign(rest: str, before: str) -> str:
    """What the sign at the fault tells."""
    sign = rest[:1]
    if sign == "'":
        return "names and texts stand in double quotes (\"), not in single ones (')"
    if re.match(r"[bfru]{1,2}['\"]", rest, re.IGNORECASE) or before.endswith('""'):
        return 'names and texts stand in double quotes ("), one on each side, and not as Python has them'
    if sign and sign in _CURLY:
        return f'names and texts stand in straight double quotes ("), not in curly ones ({sign})'
    if _WORDS.match(rest):
        return f"{_WORDS.match(rest)[1]} is no JSON, which writes null, true and false"  # type: ignore[index]
    if sign == "#" or rest.startswith(("//", "/*")):
        return "a comment, which JSON has not"
    if sign and sign < " ":
        return "a tab or line end within a text is written \\t or \\n"
    return ""
