"""A forest plot as an SVG file: each data set's difference with its interval, and the pooled one below."""

from collections.abc import Callable, Iterator
from textwrap import wrap
from xml.sax.saxutils import escape

from evalsite.stats.compare.forest import Forest, ForestLine
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.words.cells import points
from evalsite.words.text import visible

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BOTTOM = 860, 220, 200, 64, 30, 50
_INK, _GREY, _GOOD, _BAD = "#1d2129", "#575c67", "#0b6e54", "#ad3b0b"
_TALL = 9.0
"""Half the height of the pooled one's diamond, and of the largest square."""
_LINE = 115
"""Characters of a line below the plot."""
_NAMED = 26
"""Characters of a data set's name that find room."""


def as_svg(found: SuiteComparison) -> str:
    """Draw the comparison: a square as large as the data set's share, a diamond for all together.

    A dotted line stands at no difference, a dashed one at what is allowed. What the difference
    between data sets means stands below in words.
    """
    forest = Forest.of(found)
    low, high = min(forest.ends), max(forest.ends)
    reach = max(high - low, 1e-9)

    def across(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - low) / reach

    end = _TOP + _ROW * len(forest.all_lines)
    words = wrap(visible(found.spread), _LINE)
    height = end + _BOTTOM + 18 * len(words)
    lines = [_text(16, 26, found.candidate + " against " + found.base, _INK, size=15, width=70)]
    lines += [_rule(across(0.0), end, "2 4"), _text(across(0.0), end + 16, "0", _GREY, "middle")]
    for at, told in forest.limits:
        lines.append(_rule(across(at), end, "6 4"))
        lines.append(_text(across(at), end + 32, f"{points(at)} {told}", _GREY, "middle"))
    for row, line in enumerate(forest.lines):
        y = _TOP + _ROW * row + _ROW / 2
        half = _TALL * line.share**0.5
        x = across(line.numbers.value)
        lines += _interval(line, line.name, across, y)
        lines.append(
            f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half:.1f}" height="{2 * half:.1f}" '
            f'fill="{_INK}"/>'
        )
    y = end - _ROW / 2
    left, x, right = (across(each) for each in _places(forest.whole))
    colour = {"met": _GOOD, "missed": _BAD}.get(found.decision, _GREY)
    lines += _interval(forest.whole, f"{forest.whole.name}: {found.decision}", across, y)
    lines.append(
        f'<path d="M{left:.1f} {y}L{x:.1f} {y - _TALL}L{right:.1f} {y}'
        f'L{x:.1f} {y + _TALL}z" fill="{colour}"/>'
    )
    lines += [_text(16, end + 56 + 18 * row, told, _GREY) for row, told in enumerate(words)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(visible(found.headline))}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>{"".join(lines)}</svg>\n'
    )


def _places(line: ForestLine) -> tuple[float, float, float]:
    return line.numbers.interval.low, line.numbers.value, line.numbers.interval.high


def _interval(line: ForestLine, name: str, across: Callable[[float], float], y: float) -> Iterator[str]:
    left, _, right = (across(each) for each in _places(line))
    yield _text(16, y + 4, name, _INK, width=_NAMED)
    yield f'<path d="M{left:.1f} {y}H{right:.1f}" stroke="{_INK}" stroke-width="1.5"/>'
    yield _text(_WIDTH - _RIGHT + 16, y + 4, line.told, _INK)


def _rule(x: float, end: float, dashes: str) -> str:
    return f'<path d="M{x:.1f} {_TOP - 10}V{end}" stroke="{_GREY}" stroke-dasharray="{dashes}"/>'


def _text(
    x: float, y: float, words: str, colour: str, anchor: str = "start", *, size: int = 13, width: int = 200
) -> str:
    """Words at a place, cut where they would be longer than ``width`` characters."""
    told = visible(" ".join(words.split()))
    told = told if len(told) <= width else f"{told[: width - 1]}…"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}">'
        f"{escape(told)}</text>"
    )
