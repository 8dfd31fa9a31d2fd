"""Names -> path segments that last: readable, injective, and legal and unique on every file system.

Also on those that ignore case, or keep names for devices.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from evalsite.words.text import sha256_of

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DIGITS = 8
_READABLE = 100
LONGEST = _READABLE + 1 + _DIGITS
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever follows the first dot."""
_TAKEN = {"index.html", "card.png", "problems.csv", "failures.html", "failures.json", "files"}
"""What else stands beside the pages that are named after problems."""


def slug_map(names: Iterable[str], longest: int = LONGEST) -> dict[str, str]:
    """Return name -> slug for all of ``names``, of at most ``longest`` characters.

    Unsafe characters become ``-`` (``HumanEval/0`` -> ``HumanEval-0``). Where that loses more than a single
    slash between two safe parts, where it is the name of a file of the site or of a device, where it is too
    long, or where two slugs differ in case alone or not at all, ``-`` and eight hexadecimal digits of the
    name's SHA-256 are added. Among clashing names the one that is its own slug keeps it, so a name that needs
    no change never gets another URL because of a newcomer.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        wanted[_plain(name).lower()].append(name)
    slugs = {}
    for clashing in wanted.values():
        keeper = min(clashing, key=lambda name: (name != _plain(name), name))
        for name in clashing:
            keeps = name == keeper and not _loses(name) and len(name) <= longest
            slugs[name] = _plain(name) if keeps else _hashed(name, longest)
    return slugs


def cut(segment: str, longest: int) -> str:
    """A path segment as it is, or if it is longer its beginning, with digits that tell it from others."""
    return segment if len(segment) <= longest else _hashed(segment, longest)


def _plain(name: str) -> str:
    plain = _UNSAFE.sub("-", name)[:_READABLE].strip("-.") or "unnamed"
    return f"named-{plain}" if _DEVICES.fullmatch(plain) else plain


def _loses(name: str) -> bool:
    """Whether the plain slug could not be told from that of another likely name, or from a file."""
    plain = _plain(name)
    return plain not in (name, name.replace("/", "-")) or plain.lower() in _TAKEN


def _hashed(name: str, longest: int) -> str:
    digest = sha256_of(name)[:_DIGITS]
    return f"{_plain(name)[: longest - _DIGITS - 1].rstrip('-.')}-{digest}"
