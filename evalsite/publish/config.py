"""``evalsite.toml``: how a results repository's site is built, and where it stands.

All mistakes of a file are reported at once, each with its line and key. Paths are taken from the file's own
folder. What a command line says wins over the file, and the file over the defaults.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evalsite.errors import UsageError
from evalsite.publish.rules import MistakesError, read_patterns, read_redirects, read_rules
from evalsite.site.options import RunRule

NAME = "evalsite.toml"

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMG]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}
REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_INNER = re.compile(r"(?:\[(?P<number>\d+)\])?(?:\.(?P<name>.+))?", re.DOTALL)
_FORM = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\.ya?ml")


@dataclass(frozen=True)
class Config:
    """What the file says; None where it says nothing."""

    title: str | None = None
    site_url: str | None = None
    """Where the site stands, such as ``https://me.github.io/results/``."""
    repository: str | None = None
    """``owner/name`` on GitHub, or an address, for issue links."""
    issue_form: str | None = None
    """The issue form in the repository's ``.github/ISSUE_TEMPLATE/`` that issue links fill in."""
    baseline: str | None = None
    """A run's id or a model's name."""
    targets: Path | None = None
    runs: Path | None = None
    output: Path | None = None
    budget: int | None = None
    """Bytes that the site may take."""
    downloads: bool | None = None
    max_samples_per_problem: int | None = None
    max_pairs: int | None = None
    exclude: tuple[str, ...] | None = None
    """Patterns over run ids and models' names: these runs are left out of the site."""
    rules: tuple[RunRule, ...] | None = None
    """How much of which runs is shown."""
    redirects: tuple[tuple[str, str], ...] | None = None
    """(old run id, new run id) of runs that were renamed."""


class _MistakeError(MistakesError):
    """One value that does not fit."""

    def __init__(self, what: str) -> None:
        super().__init__([("", what)])


def find_config(path: Path | None) -> Config:
    """Read the file named, else ``evalsite.toml`` in the current folder, else return an empty one."""
    if path is not None:
        return read_config(path)
    here = Path(NAME)
    return read_config(here) if here.is_file() else Config()


def read_config(path: Path) -> Config:
    """Read a file. Raises one :class:`UsageError` with every mistake in it."""
    try:
        text = path.read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as exc:
        raise UsageError(
            f"{path}: cannot be read ({exc.strerror})", hint="Make one with: evalsite init"
        ) from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise UsageError(
            f"{path}: not valid TOML: {exc}", hint="docs/publishing.md shows a whole file."
        ) from exc
    values, mistakes = {}, []
    for key, value in document.items():
        try:
            if key not in KEYS:
                raise _MistakeError(f"no such key; known are {', '.join(KEYS)}")
            values[key] = KEYS[key](value, path.parent)
        except MistakesError as found:
            mistakes += [(_line(text, key, inner), f"{key}{inner}", what) for inner, what in found.mistakes]
    if mistakes:
        listed = "\n".join(f"  {path}:{line}: {key}: {what}" for line, key, what in sorted(mistakes))
        count = f"{len(mistakes)} mistakes" if len(mistakes) > 1 else "a mistake"
        raise UsageError(f"{path}: {count}\n{listed}", hint="docs/publishing.md explains every key.")
    return Config(**values)


def parse_size(text: str) -> int:
    """Return the bytes of ``900MB``, ``1.5 GB`` or ``200000``; units are powers of 1000.

    Raises ValueError for anything else.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size such as 900MB")
    return int(float(match[1]) * _UNITS[match[2].lower()])


def _line(text: str, key: str, inner: str = "") -> int:
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


def _text(value: Any, _folder: Path) -> str:
    if not isinstance(value, str):
        raise _MistakeError(f"expected text in quotation marks, got {value!r}")
    return value


def _url(value: Any, folder: Path) -> str:
    text = _text(value, folder)
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise _MistakeError(f"{text!r} is no address such as https://me.github.io/results/")
    return text


def _repository(value: Any, folder: Path) -> str:
    text = _text(value, folder)
    if text and "://" not in text and not REPOSITORY.fullmatch(text):
        raise _MistakeError(f"{text!r} is neither owner/name nor an address")
    return _url(text, folder) if "://" in text else text


def _form(value: Any, folder: Path) -> str:
    text = _text(value, folder)
    if text and not _FORM.fullmatch(text):
        raise _MistakeError(f"{text!r} is no file name such as eval-failure.yml")
    return text


def _path(value: Any, folder: Path) -> Path:
    text = _text(value, folder)
    if not text:
        raise _MistakeError("expected a path, got nothing")
    return folder / text


def _size(value: Any, _folder: Path) -> int:
    try:
        return parse_size(str(value))
    except ValueError as exc:
        raise _MistakeError(str(exc)) from exc


def _flag(value: Any, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise _MistakeError(f"expected true or false, got {value!r}")
    return value


def _count(value: Any, _folder: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _MistakeError(f"expected a whole number from 0, got {value!r}")
    return value


KEYS: dict[str, Callable[[Any, Path], Any]] = {
    "title": _text,
    "site_url": _url,
    "repository": _repository,
    "issue_form": _form,
    "baseline": _text,
    "targets": _path,
    "runs": _path,
    "output": _path,
    "budget": _size,
    "downloads": _flag,
    "max_samples_per_problem": _count,
    "max_pairs": _count,
    "exclude": read_patterns,
    "rules": read_rules,
    "redirects": read_redirects,
}
"""Key -> how its value is read. The keys are :class:`Config`'s fields."""
