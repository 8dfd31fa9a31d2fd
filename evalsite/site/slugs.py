"""Names -> path segments that last: readable, injective, and unique on file systems that ignore case."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LENGTH = 100
_TAKEN = {"index.html", "card.png", "problems.csv", "files"}
"""What else stands beside the pages that are named after problems."""


def slug_map(names: Iterable[str]) -> dict[str, str]:
    """Return name -> slug for all of ``names``.

    Unsafe characters become ``-`` (``HumanEval/0`` -> ``HumanEval-0``). Where that loses more than a single
    slash between two safe parts, where it is the name of a file of the site, or where two slugs differ in
    case alone or not at all, ``-`` and eight hexadecimal digits of the name's SHA-256 are added. Among
    clashing names the one that is its own slug keeps it, so a name that needs no change never gets another
    URL because of a newcomer.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        wanted[_plain(name).lower()].append(name)
    slugs = {}
    for clashing in wanted.values():
        keeper = min(clashing, key=lambda name: (name != _plain(name), name))
        for name in clashing:
            slugs[name] = _plain(name) if name == keeper and not _loses(name) else _hashed(name)
    return slugs


def _plain(name: str) -> str:
    return _UNSAFE.sub("-", name)[:_LENGTH].strip("-.") or "unnamed"


def _loses(name: str) -> bool:
    """Whether the plain slug could not be told from that of another likely name, or from a file."""
    plain = _plain(name)
    return plain not in (name, name.replace("/", "-")) or plain.lower() in _TAKEN


def _hashed(name: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_plain(name)}-{digest}"
