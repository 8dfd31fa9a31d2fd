"""Where an expression ends that stands at the beginning of a text: brackets and texts are told, no more.

What an answer holds is not parsed here: what it means shows where it is evaluated.
"""

from collections.abc import Iterator

_OPENING, _CLOSING = "([{", ")]}"


def until(text: str, marks: tuple[str, ...]) -> str:
    """Return a text up to the first of the marks that stands outside of brackets and texts."""
    for place in _outside(text):
        if text.startswith(marks, place):
            return text[:place].strip()
    return text.strip()


def within(text: str) -> str:
    """Return a text up to where its first bracket is closed; all of its first line where that never is."""
    text = text.strip()
    places = _outside(text)
    opened = any(text[place] in _OPENING for place in places)
    closed = next(places, len(text))
    if opened and text[closed - 1] in _CLOSING:
        return text[:closed].strip()
    return text.partition("\n")[0].strip()


def _outside(text: str) -> Iterator[int]:
    """Yield the places outside of brackets and texts, opening brackets and quotes included."""
    depth, place = 0, 0
    while place < len(text):
        char = text[place]
        if not depth:
            yield place
        if char in "\"'":
            place = _text_end(text, place)
            continue
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        place += 1


def _text_end(text: str, place: int) -> int:
    """Return the place behind a text that begins at one; the end of all where it is not closed."""
    quote = text[place]
    mark = 3 * quote if text.startswith(3 * quote, place) else quote
    place += len(mark)
    while place < len(text) and not text.startswith(mark, place):
        place += 2 if text[place] == "\\" else 1
    return min(place + len(mark), len(text))
