"""How single values of ``evalsite.toml`` are read: each reader takes the value and the file's own folder."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REPOSITORY = r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+"
"""``owner/name`` on GitHub, as a regular expression."""
SIZE = r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)[bB]?"
FORM = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\.ya?ml"

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}


class MistakesError(Exception):
    """Everything that is wrong with one key: (where inside of it, what)."""

    def __init__(self, mistakes: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(what for _, what in mistakes))
        self.mistakes = mistakes

    @classmethod
    def of(cls, what: str) -> "MistakesError":
        """Return the error of one value that does not fit."""
        return cls([("", what)])


def parse_size(text: str) -> int:
    """Return the bytes of ``900MB``, ``1.5 GB`` or ``200000``; units are powers of 1000.

    Raises ValueError for anything else.
    """
    match = re.fullmatch(SIZE, text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size such as 900MB")
    return int(Decimal(match[1]) * _UNITS[match[2].lower()])


def read_text(value: Any, _folder: Path) -> str:
    """Read text."""
    if not isinstance(value, str):
        raise MistakesError.of(f"expected text in quotation marks, got {value!r}")
    return value


def read_url(value: Any, folder: Path) -> str:
    """Read an address; an empty one is none."""
    text = read_text(value, folder)
    if text and not _is_address(text):
        raise MistakesError.of(f"{text!r} is no address such as https://me.github.io/results/")
    return text


def read_repository(value: Any, folder: Path) -> str:
    """Read ``owner/name``, or an address."""
    text = read_text(value, folder)
    if text and "://" not in text and not re.fullmatch(REPOSITORY, text):
        raise MistakesError.of(f"{text!r} is neither owner/name nor an address")
    return read_url(text, folder) if "://" in text else text


def read_form(value: Any, folder: Path) -> str:
    """Read the file name of an issue form."""
    text = read_text(value, folder)
    if text and not re.fullmatch(FORM, text):
        raise MistakesError.of(f"{text!r} is no file name such as eval-failure.yml")
    return text


def read_path(value: Any, folder: Path) -> Path:
    """Read a path, from the file's own folder on."""
    text = read_text(value, folder)
    if not text:
        raise MistakesError.of("expected a path, got nothing")
    return folder / text


def read_size(value: Any, _folder: Path) -> int:
    """Read a size in bytes."""
    try:
        return parse_size(str(value))
    except ValueError as exc:
        raise MistakesError.of(str(exc)) from exc


def read_flag(value: Any, _folder: Path) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise MistakesError.of(f"expected true or false, got {value!r}")
    return value


def read_count(value: Any, _folder: Path) -> int:
    """Read a whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MistakesError.of(f"expected a whole number from 0, got {value!r}")
    return value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    whole = parts.scheme in ("http", "https") and parts.netloc
    return bool(whole and not parts.query and not parts.fragment)


def read_profiles(value: Any, _folder: Path) -> dict[str, dict[str, Any]]:
    """Read the tables ``[run.NAME]``; their keys are checked where the options of ``run`` are known."""
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        raise MistakesError.of("has to be tables such as [run.candidate]")
    return value
