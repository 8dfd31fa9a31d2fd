"""Files that people type: their text, whichever editor saved it, and what is wrong with it, in words."""

import re
import tomllib
from pathlib import Path
from typing import Any

from evalsite.errors import UsageError

_LINE = re.compile(r"line (\d+)")
_BARE = re.compile(r"\s*([\w.-]+)\s*=\s*(?!true\b|false\b|inf\b|nan\b)[A-Za-z_@/~]")
_COLON = re.compile(r"\s*[\w.\"'-]+\s*:(?:\s|\Z)")
_INNER = re.compile(r"(?:\[(?P<number>\d+)\])?(?:\.(?P<name>.+))?", re.DOTALL)
_CURLY = re.compile("[“”„‘’]")


def read_typed(path: Path) -> str:
    """Return a file's text, without the mark that some editors put before it.

    Raises OSError as :meth:`Path.read_text` does, and :class:`UsageError` for another encoding.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as exc:
        told = f"{path}: not UTF-8 (byte 0x{exc.object[exc.start]:02x})"
        raise UsageError(told, hint="Save the file as UTF-8.") from exc


def parse_toml(text: str, path: str, hint: str) -> dict[str, Any]:
    """Return what a TOML file holds; ``path`` and ``hint`` are for the :class:`UsageError` of one that is
    none.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise UsageError(f"{path}: not valid TOML: {_slip(text, exc) or exc}", hint=hint) from exc


def _slip(text: str, exc: tomllib.TOMLDecodeError) -> str:
    """What people mistype most, with its line; empty for anything else."""
    found = _LINE.search(str(exc))
    lines = text.split("\n")
    number = int(found[1]) if found else 0
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    if _CURLY.search(line):
        return f'texts stand in straight quotes ("), not in curly ones (line {number})'
    if bare := _BARE.match(line):
        return f'texts stand in quotes: {bare[1]} = "..." (line {number})'
    if _COLON.match(line):
        return f"between a key and its value stands =, and no colon (line {number})"
    return ""


def line_of(text: str, key: str, inner: str = "") -> int:
    """Find the line of a key, or of what is inside of its table, such as ``[2].keep`` or ``.old-run``."""
    found = _lines_of(text, key)
    at = _INNER.fullmatch(inner)
    if not found or not at or not inner:
        return found[0] if found else 1
    header = found[min(int(at["number"] or 1), len(found)) - 1]
    within = _lines_of(text, at["name"]) if at["name"] else []
    return next((line for line in within if line > header), header)


def _lines_of(text: str, key: str) -> list[int]:
    pattern = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return [number for number, line in enumerate(text.splitlines(), start=1) if pattern.match(line)]
