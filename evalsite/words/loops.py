"""Text whose end repeats itself: with which period, and from where on."""

import re
from dataclasses import dataclass

LEAST_TIMES, LEAST_SPAN = 3, 48
"""Periods, and characters, that have to be the same: a table's last rows or a row of dashes are no loop."""
LEAST_COUNTED, LEAST_COUNTED_SPAN = 7, 120
"""The same where only numbers differ: ``1 is odd, 2 is even, 3 is odd``, as data may well do for a while."""
LONGEST_TAIL = 20_000
"""Characters at the end in which a period is looked for; three of the longest fit in."""

_DIGITS = re.compile(r"\d+")
_LEAST_PLAIN = 24
"""Characters of the latter, each number as one."""
_GLANCE = 20
"""So many characters at the end stand there once more, a period earlier, in either kind of loop: a glance
that spares most texts the work."""


@dataclass(frozen=True)
class Loop:
    """An end that repeats itself."""

    period: int
    """Characters that are repeated; where numbers differ, with each number as one."""
    began: int
    """The character, from 0, from which on the text repeats itself."""


def find_loop(text: str) -> Loop | None:
    """The loop that a text ends in, with the shortest period; None where it ends in none.

    A loop is a suffix with a period p that is at least :data:`LEAST_TIMES` p and :data:`LEAST_SPAN` long,
    capitals and blanks at the very end aside; or one of the other two where all numbers count as the same.
    Takes linear time (Gusfield 1997: the Z algorithm over the reversed text).
    """
    text = _settled(text)
    if found := find_repetition(text):
        return found
    plain = _DIGITS.sub("0", text)
    if plain == text or (found := _periodic(plain, LEAST_COUNTED, _LEAST_PLAIN)) is None:
        return None
    began = _before(text, found.began)
    return Loop(found.period, began) if len(text) - began >= LEAST_COUNTED_SPAN else None


def find_repetition(text: str) -> Loop | None:
    """The same where numbers have to be the same, too: a text that counts may be on its way somewhere."""
    return _periodic(_settled(text), LEAST_TIMES, LEAST_SPAN)


def _settled(text: str) -> str:
    """A text without capitals and without the blanks at its end."""
    text = text.rstrip()
    return lower if len(lower := text.lower()) == len(text) else text


def _periodic(text: str, times: int, span: int) -> Loop | None:
    ending = text[-_GLANCE:]
    if len(text) < span or text.rfind(ending, max(0, len(text) - LONGEST_TAIL), -1) < 0:
        return None
    backwards = text[: -LONGEST_TAIL - 1 : -1]
    for period, same in enumerate(_alike(backwards)):
        if period and same + period >= max(times * period, span):
            began = len(text) - same - period
            while began and text[began - 1] == text[began - 1 + period]:
                began -= 1
            return Loop(period, began)
    return None


def _alike(text: str) -> list[int]:
    """For each position, how many characters from there on are those that the text begins with."""
    alike = [0] * len(text)
    left = right = 0
    for n in range(1, len(text)):
        same = min(right - n, alike[n - left]) if n < right else 0
        while n + same < len(text) and text[same] == text[n + same]:
            same += 1
        if n + same > right:
            left, right = n, n + same
        alike[n] = same
    return alike


def _before(text: str, position: int) -> int:
    """Where a position stands in a text whose numbers were each made one character."""
    shorter = 0
    for number in _DIGITS.finditer(text):
        if number.start() - shorter >= position:
            break
        shorter += number.end() - number.start() - 1
    return position + shorter
