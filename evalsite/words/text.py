"""Makes hostile text showable: every character visible, none of them able to steer the page.

Markup is the templates' business (autoescape). This module takes care of what escaping leaves alone:
control characters, which HTML forbids, and direction overrides, which can show code in another order
than it runs in.
"""

import hashlib
import re
from collections.abc import Sequence

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]|[\ufdd0-\ufdef]|"
    + "|".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
)

_PER_CENT = re.compile(r"(?<=\d) %")


def visible(text: str) -> str:
    """Return ``text`` with invisible characters spelled out.

    Controls become their pictures (an escape is ``␛``), all others ``⟨U+202E⟩``. Tabs, line feeds and every
    printable character stay. The result holds nothing that HTML forbids.
    """
    if text.isascii() and text.replace("\n", "").isprintable():  # most of what pages show, told at once
        return text
    return _INVISIBLE.sub(_picture, text)


def one_line(text: str) -> str:
    """The same of a name, which has no line feeds and tabs of its own to show: they become pictures, too."""
    return visible(text).translate(_BREAKS)


_BREAKS = {code: 0x2400 + code for code in (0x09, 0x0A)}


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code <= 0x1F:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"⟨U+{code:04X}⟩"


def cut_out(text: str, tag: re.Pattern[str]) -> str:
    """Return ``text`` without what stands from a tag that opens to the next that closes it, tags included.

    ``tag`` has the groups ``name`` and ``end``, which is empty for a tag that opens. One that nothing closes
    stays. Linear time, which no pattern that spans both tags takes.
    """
    tags = [(each["name"].lower(), bool(each["end"]), *each.span()) for each in tag.finditer(text)]
    last_end = {name: start for name, ends, start, _ in tags if ends}
    kept: list[str] = []
    position, inside = 0, ""
    for name, ends, start, end in tags:
        if not inside and not ends and start < last_end.get(name, start):
            kept.append(text[position:start])
            inside = name
        elif inside == name and ends:
            position, inside = end, ""
    return "".join((*kept, text[position:]))


def shorten(text: str, limit: int) -> str:
    """Return the first ``limit`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unbroken(text: str) -> str:
    """Return prose whose per cent signs stay with their numbers where lines break."""
    return _PER_CENT.sub("\N{NO-BREAK SPACE}%", text)


def ranges(numbers: Sequence[int]) -> str:
    """Write sample numbers briefly: ``0, 2–4, 7``."""
    parts: list[str] = []
    start = previous = None
    for number in [*sorted(numbers), None]:
        if previous is not None and number == previous + 1:
            previous = number
            continue
        if start is not None:
            parts.append(str(start) if start == previous else f"{start}–{previous}")
        start = previous = number
    return ", ".join(parts)


def shared_beginning(one: str, other: str) -> int:
    """Characters that two texts begin with alike."""
    alike, most = 0, min(len(one), len(other))
    # Halving compares slices at once, where one character after the other took most of a comparison's time.
    while alike < most:
        step = (most - alike + 1) // 2
        if one[alike : alike + step] == other[alike : alike + step]:
            alike += step
        elif step == 1:
            break
        else:
            most = alike + step - 1
    return alike


def sha256_of(text: str) -> str:
    """Hash a text, whatever halves of characters it holds."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def in_a_spreadsheet(value: object) -> object:
    """Return a value that a spreadsheet shows, and does not take for a formula."""
    formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if formula else value
