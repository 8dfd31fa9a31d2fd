"""What cards are drawn on: words and charts, in a font that comes with the extra and so is on every machine.

Needs the extra ``cards`` (resvg and the font Inter); without it, pages name no picture. The machine's own
fonts are asked only for characters that no European font has. Colours are the site's, as they are by day.
"""

import importlib.util
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from markupsafe import Markup

from evalsite.assets import asset_dir
from evalsite.site.views.marks import Mark
from evalsite.words.text import shorten, visible

WIDTH, HEIGHT = 1200, 630
"""What a card is measured in, and its pixels unless it is drawn smaller."""
LEFT = 72
INSIDE = WIDTH - 2 * LEFT
SMALL = 600
"""Pixels of the width of cards that there are hundreds of: as wide as still unfurls large."""

_CHART = 2.0
"""How many times as large as in a page a chart is drawn."""
_PARAGRAPH = 28
_BEYOND = "\u0590"
"""The first character that the font does not have, but for signs and punctuation."""
_SIGNS = ("\u2000", "\u2bff")
_NARROW, _WIDE = frozenset("iIjlftr.,:;|!'()[]/ "), frozenset("mwMW%@")


def can_draw() -> bool:
    """Whether the renderer and its font are installed."""
    return importlib.util.find_spec("resvg_py") is not None and bool(_fonts())


def draw(svg: str, width: int = WIDTH) -> bytes:
    """Draw a card as PNG, ``width`` pixels wide."""
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        height=width * HEIGHT // WIDTH,
        style_sheet=_style(),
        skip_system_fonts=not needs_more_fonts(svg),
        font_files=[str(path) for path in _fonts()],
    )
    return bytes(drawn)


def needs_more_fonts(text: str) -> bool:
    """Whether a text has characters that the font lacks."""
    return any(char >= _BEYOND and not _SIGNS[0] <= char <= _SIGNS[1] for char in text)


def card(parts: Iterable[str]) -> str:
    """Put parts on a white card, as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Inter">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colour("paper")}"/>{"".join(parts)}</svg>'
    )


def text(
    y: float, size: int, words: str, tone: str = "muted", *, bold: bool = False, left: float = LEFT
) -> str:
    """Write a line of words with their foot at ``y``, in the colour of a token."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{left:g}" y="{y:g}" font-size="{size}"{weight} fill="{colour(tone)}">'
        f"{escape(visible(words))}</text>"
    )


def title(y: float, words: str, *, size: int = 60, most: int = 48) -> str:
    """Write a line in bold letters that are as large as fits the card."""
    shown = shorten(words, most)
    return text(y, min(size, int(INSIDE / max(1.0, 1.12 * _ems(shown)))), shown, "ink", bold=True)


def marked(y: float, mark: Mark, words: str, *, size: int = 28) -> str:
    """Write a verdict: its sign, then words that have one line."""
    aside = LEFT + round(1.4 * size)
    told = _cut(words, (INSIDE - (aside - LEFT)) / size)
    return text(y, size, mark.sign, mark.tone, bold=True) + text(y, size, told, mark.tone, left=aside)


def paragraph(y: float, words: str, *, most: int = 2) -> list[str]:
    """Write words in up to ``most`` lines; what has no room is cut, and an ellipsis says so."""
    room, lines = INSIDE / _PARAGRAPH, [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _ems(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines[most - 1] = shorten(lines[most - 1], len(lines[most - 1]) - 1).rstrip("…") + "…"
    return [
        text(y + 1.35 * _PARAGRAPH * index, _PARAGRAPH, _cut(line, room))
        for index, line in enumerate(lines[:most])
    ]


def figure(y: float, svg: Markup, height: float) -> str:
    """Put in a chart (:mod:`evalsite.site.charts.drawing`) that is ``height`` high in a page; larger here."""
    inner = INSIDE / _CHART
    return (
        f'<svg x="{LEFT}" y="{y:g}" width="{INSIDE}" height="{_CHART * height:g}" '
        f'viewBox="0 0 {inner:g} {height:g}" font-size="12" overflow="visible">{svg}</svg>'
    )


@cache
def colour(token: str) -> str:
    """What a token of the style sheet is by day; ``open`` and no side at all are muted."""
    return _tokens()[token if token in _tokens() else "muted"]


@cache
def _tokens() -> dict[str, str]:
    written = (asset_dir("static") / "css/tokens.css").read_text("utf-8")
    return dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", written))


@cache
def _style() -> str:
    """The style of charts with colours in place of tokens, as the renderer reads it."""
    written = (asset_dir("static") / "css/figures.css").read_text("utf-8")
    plain = re.sub(r"var\(--([\w-]+)\)", lambda name: _tokens().get(name[1], name[0]), written)
    rules = re.findall(r"^\.fig[^{}]*\{[^{}]*\}", plain, re.MULTILINE)
    return "\n".join(re.sub(r" font: [^;]+;", "", rule).replace("650", "700") for rule in rules)


@cache
def _fonts() -> list[Path]:
    package = importlib.util.find_spec("fontpkg_inter")
    if package is None or package.origin is None:
        return []
    files = sorted((Path(package.origin).parent / "files").glob("*.ttf"))
    return [path for path in files if "Italic" not in path.name]


def _cut(words: str, room: float) -> str:
    """Shorten words to what has room, in sizes of their font."""
    while _ems(words) > room:
        words = shorten(words, min(len(words) - 1, int(len(words) * room / _ems(words))))
    return words


def _ems(words: str) -> float:
    """About how wide words are, in sizes of their font; seldom too little."""
    return sum(map(_em, words))


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.36
    if char in _WIDE or char >= _BEYOND:
        return 1.0
    return 0.72 if char.isupper() else 0.57
