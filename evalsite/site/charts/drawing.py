"""What charts are drawn from: axes, regions, intervals, curves, bands and words, as SVG in the page.

A chart made of these stands in the page when it is built: it is there at once, without JavaScript and on
paper. It fills whatever width it is given while its words keep their size, since **across, all is in percent
of the chart's width, and down, in pixels**::

    axis = Axis.around([-15.6, 0.4], title="points", signed=True)
    svg = chart(
        [
            region(axis, axis.low, -10, (24, 64), "bad", "missed"),
            scale(axis, 64),
            rule(axis, -10, (16, 64), label="margin"),
            interval(axis, Range(-15.6, -7.6, 0.4), 44, "candidate"),
        ],
        height=96,
        said="Difference of pass@1: −7.6 points, from −15.6 to +0.4; −10 would be allowed.",
    )

Curves take a second axis, which runs from the bottom of a box (top and bottom in pixels) to its top::

    up = Axis(0, 100, ticks=((0, "0"), (50, "50"), (100, "100 %")))
    [levels(up, (12, 200)), band(across, up, (12, 200), [(k, low, high), ...], "baseline"),
     curve(across, up, (12, 200), [(k, value), ...], "baseline"), scale(across, 200)]

A part's *tone* is a class of ``static/css/figures.css``: ``baseline``, ``candidate``, ``good``, ``bad``,
``unsure``, ``open`` or nothing (grey). A tone gives its part its colour from the tokens of the theme, so
no colour stands here. Colour alone says nothing: each part has a word, a place or a shape (``SHAPES``), too.
Fonts are the page's. What a chart says stands in ``said`` for those who cannot see it; a table goes beside.
``drawn`` in ``templates/macros/figures.html`` puts a :class:`Drawn` into a page, with caption and table.

Words are escaped here, and hostile characters made visible. The same figures give the same bytes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

from evalsite.stats.intervals import Interval
from evalsite.words import cells
from evalsite.words.text import visible

Box = tuple[float, float]
"""Top and bottom of a part, in pixels from the chart's top."""
Anchor = Literal["start", "middle", "end"]

SHAPES = {
    "baseline": "M-4.5-4.5h9v9h-9z",
    "candidate": "M0-6 6 0 0 6-6 0z",
    "": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
}
"""Tone -> the outline of its points around their middle: side by shape as well as by colour."""

LINE = 14
"""Pixels from one line of small words to the next."""

_STEPS = (1, 2, 2.5, 5, 10)


_STILL = Markup()


@dataclass(frozen=True)
class Drawn:
    """A chart as it stands in a page: the picture, what it says in words, and its figures as a table."""

    id: str
    title: str
    summary: str
    svg: Markup
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    live: Markup = _STILL
    """The same for plotly, which takes over when somebody touches the picture; empty for a still one."""


class Range(NamedTuple):
    """A figure between its limits, in one unit."""

    low: float
    value: float
    high: float

    @classmethod
    def of_share(cls, value: float, interval: Interval) -> "Range":
        """A share and its interval, in percent."""
        return cls(100 * interval.low, 100 * value, 100 * interval.high)


@dataclass(frozen=True)
class Axis:
    """A stretch of figures, and the marks on it; ``log`` for one that is even in ratios."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    """Figures with their words, in order."""
    title: str = ""
    """What is measured, and in which unit."""
    log: bool = False

    @classmethod
    def around(
        cls, values: Iterable[float], *, title: str = "", signed: bool = False, count: int = 5
    ) -> "Axis":
        """Take an axis of round figures around all of ``values``, with some ``count`` marks.

        ``signed``: marks are differences, and show their sign.
        """
        known = list(values)
        low, high = min(known), max(known)
        if low == high:
            low, high = low - 1, high + 1
        step = _step((high - low) / count)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        digits = next(digits for digits in range(12) if math.isclose(step, round(step, digits)))
        marks = [round(index * step, 9) + 0.0 for index in range(first, last + 1)]
        word = cells.signed if signed else cells.decimal
        return cls(marks[0], marks[-1], tuple((mark, word(mark, digits)) for mark in marks), title)

    def at(self, value: float) -> float:
        """Place a figure, in percent of the axis; what lies beyond its ends is put on them."""
        low, high, here = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, here = math.log(low), math.log(high), math.log(here)
        return 100 * (here - low) / (high - low) if high > low else 50.0

    def down(self, value: float, box: Box) -> float:
        """Place a figure on an axis that rises from the bottom of ``box`` to its top, in pixels."""
        top, bottom = box
        return bottom - (bottom - top) * self.at(value) / 100


def chart(parts: Iterable[str], *, height: float, said: str, classes: str = "") -> Markup:
    """Draw parts, the later above the earlier, as one picture that is read out as ``said``."""
    names = f"fig {classes}".strip()
    return Markup(  # noqa: S704 - every word in a part is escaped where it is written
        f'<svg class="{names}" width="100%" height="{_n(height)}" role="img" aria-label="{_safe(said)}">'
        f"{''.join(parts)}</svg>"
    )


def words(
    x: float,
    y: float,
    text: str,
    *,
    tone: str = "",
    anchor: Anchor | None = None,
    aside: float = 0,
    title: str = "",
) -> str:
    """Write words at ``x`` percent and ``y`` pixels (their foot), ``aside`` pixels to the right of it.

    ``anchor`` says which end of the words stands there; by default the one that keeps them in the chart.
    """
    anchor = anchor or ("start" if x < 12 else "end" if x > 88 else "middle")
    moved = f' dx="{_n(aside)}"' if aside else ""
    told = f"<title>{_safe(title)}</title>" if title and title != text else ""
    place = f'x="{_n(x)}%" y="{_n(y)}"{moved} text-anchor="{anchor}"'
    return f"<text{_tone(tone)} {place}>{told}{_safe(text)}</text>"


def about(keys: str, inside: str) -> str:
    """What is drawn of a run, or of several whose keys have blanks between: the filter hides it with them."""
    return f'<g data-run="{_safe(keys)}">{inside}</g>' if keys else inside


def span(room: float, parts: Iterable[str], y: float = 0.0, *, keys: str = "") -> str:
    """Draw parts in the left ``room`` percent of the chart's width, from ``y`` on."""
    of = f' data-run="{_safe(keys)}"' if keys else ""
    return f'<svg{of} y="{_n(y)}" width="{_n(room)}%" overflow="visible">{"".join(parts)}</svg>'


def tie(start: tuple[float, float], end: tuple[float, float], tone: str = "") -> str:
    """Tie two places, each in percent and pixels, by a thin line, such as a point and its name."""
    (x1, y1), (x2, y2) = start, end
    place = f'x1="{_n(x1)}%" y1="{_n(y1)}" x2="{_n(x2)}%" y2="{_n(y2)}"'
    return f'<line class="tie{_more(tone)}" {place}/>'


def scale(axis: Axis, y: float) -> str:
    """Draw an axis that runs across at ``y``: a line, its marks with their words below, then its title.

    Takes 24 pixels below ``y``, and with a title 38.
    """
    parts = [f'<line class="axis" x1="0" x2="100%" y1="{_n(y)}" y2="{_n(y)}"/>']
    for value, text in axis.ticks:
        x = _n(axis.at(value))
        parts.append(f'<line class="axis" x1="{x}%" x2="{x}%" y1="{_n(y)}" y2="{_n(y + 4)}"/>')
        parts.append(words(axis.at(value), y + 4 + LINE, text, anchor=_at_ends(axis, value)))
    if axis.title:
        parts.append(words(50, y + 4 + 2 * LINE, axis.title, tone="title"))
    return "".join(parts)


def levels(axis: Axis, box: Box) -> str:
    """Draw a rising axis as lines across the chart, each with its words above its left end, below its title.

    Takes 17 pixels above the box, and with a title 31.
    """
    parts = [words(0, box[0] - 3 - LINE, axis.title, tone="title", anchor="start")] if axis.title else []
    for value, text in axis.ticks:
        y = axis.down(value, box)
        parts.append(f'<line class="level" x1="0" x2="100%" y1="{_n(y)}" y2="{_n(y)}"/>')
        parts.append(words(0, y - 3, text, anchor="start"))
    return "".join(parts)


def region(axis: Axis, low: float, high: float, box: Box, tone: str, label: str = "") -> str:
    """Shade all between two figures, with a label at the top, if there is room for it."""
    start, end = axis.at(low), axis.at(high)
    top, bottom = box
    drawn = (
        f'<rect class="region{_more(tone)}" x="{_n(start)}%" y="{_n(top)}" width="{_n(end - start)}%" '
        f'height="{_n(bottom - top)}"/>'
    )
    if not label or end - start < 2 * len(label):
        return drawn
    return drawn + words((start + end) / 2, top + LINE - 2, label, tone=tone, anchor="middle")


def rule(axis: Axis, value: float, box: Box, *, tone: str = "", label: str = "") -> str:
    """Draw a line down at a figure, such as a margin, with its label above."""
    x, (top, bottom) = axis.at(value), box
    drawn = f'<line class="rule{_more(tone)}" x1="{_n(x)}%" x2="{_n(x)}%" y1="{_n(top)}" y2="{_n(bottom)}"/>'
    return drawn + (words(x, top - 4, label, tone=tone) if label else "")


def interval(
    axis: Axis, of: Range, y: float, tone: str = "", *, shape: str | None = None, size: float = 1.0
) -> str:
    """Draw a figure between its limits at ``y``: a bar with ends, and a point in the shape of its tone.

    Where a limit lies beyond the axis, the bar has no end there. ``size``: of the point, by its width.
    """
    low, high = _n(axis.at(of.low)), _n(axis.at(of.high))
    ends = "".join(
        f'<line x1="{x}%" x2="{x}%" y1="{_n(y - 5)}" y2="{_n(y + 5)}"/>'
        for x, limit in ((low, of.low), (high, of.high))
        if axis.low <= limit <= axis.high
    )
    bar = f'<line x1="{low}%" x2="{high}%" y1="{_n(y)}" y2="{_n(y)}"/>{ends}'
    drawn = point(axis.at(of.value), y, tone, shape=shape, size=size)
    return f'<g class="range{_more(tone)}">{bar}</g>{drawn}'


def upright(x: float, up: Axis, of: Range, box: Box, tone: str = "", *, title: str = "") -> str:
    """Draw a figure between its limits at ``x`` percent, from bottom to top, and its point."""
    low, high = (_n(up.down(limit, box)) for limit in (of.low, of.high))
    bar = f'<line x1="{_n(x)}%" x2="{_n(x)}%" y1="{low}" y2="{high}"/>'
    drawn = point(x, up.down(of.value, box), tone, title=title)
    return f'<g class="range thin{_more(tone)}">{bar}</g>{drawn}'


def diamond(axis: Axis, of: Range, box: Box, tone: str = "") -> str:
    """Draw a figure that others make up: a diamond as wide as its limits are apart, as in forest plots."""
    corners = ((of.low, 50), (of.value, 0), (of.high, 50), (of.value, 100))
    path = _path([(axis.at(value), y) for value, y in corners])
    return _stretched(box, f'<path class="diamond{_more(tone)}" d="{path}z"/>')


def point(
    x: float, y: float, tone: str = "", *, shape: str | None = None, title: str = "", size: float = 1.0
) -> str:
    """Draw a point at ``x`` percent and ``y`` pixels, in the shape of its tone or of another one."""
    told = f"<title>{_safe(title)}</title>" if title else ""
    sized = "" if size == 1.0 else f' transform="scale({_n(size)})"'
    outline = SHAPES.get(tone if shape is None else shape, SHAPES[""])
    return (
        f'<svg class="point" x="{_n(x)}%" y="{_n(y)}" overflow="visible">'
        f'<path{_tone(tone)} d="{outline}"{sized}>{told}</path></svg>'
    )


def curve(across: Axis, up: Axis, box: Box, points: Sequence[tuple[float, float]], tone: str = "") -> str:
    """Draw a line through points (figure across, figure up)."""
    path = _path([(across.at(x), 100 - up.at(y)) for x, y in points])
    return _stretched(box, f'<path class="curve{_more(tone)}" d="{path}"/>')


def band(
    across: Axis, up: Axis, box: Box, ranges: Sequence[tuple[float, float, float]], tone: str = ""
) -> str:
    """Shade all between two curves: (figure across, lower and upper limit)."""
    there = [(across.at(x), 100 - up.at(high)) for x, _, high in ranges]
    back = [(across.at(x), 100 - up.at(low)) for x, low, _ in reversed(ranges)]
    return _stretched(box, f'<path class="band{_more(tone)}" d="{_path(there + back)}z"/>')


def apart(places: Sequence[float], distance: float, box: Box) -> list[float]:
    """Move labels that stand at ``places`` (pixels down) so far that none is nearer than ``distance``.

    Their order stays, and they stay in ``box`` as long as there is room for all.
    """
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    top, bottom = box
    moved = [0.0] * len(places)
    above = top - distance
    for index in order:
        above = moved[index] = max(places[index], above + distance)
    below = bottom + distance
    for index in reversed(order):
        below = moved[index] = max(min(moved[index], below - distance), top)
    return moved


def _stretched(box: Box, inside: str) -> str:
    """Stretch what is drawn from 0 to 100 both ways over the chart's width and a box; lines stay as thin."""
    top, bottom = box
    return (
        f'<svg y="{_n(top)}" width="100%" height="{_n(bottom - top)}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none" overflow="visible">{inside}</svg>'
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _step(rough: float) -> float:
    """Round up to a step that people count in."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def _at_ends(axis: Axis, value: float) -> Anchor | None:
    """The outermost words stay within the chart, the others stand in the middle of their marks."""
    return None if axis.at(value) < 2 or axis.at(value) > 98 else "middle"


def _tone(tone: str) -> str:
    return f' class="{tone}"' if tone else ""


def _more(tone: str) -> str:
    return f" {tone}" if tone else ""


def _safe(text: str) -> str:
    return str(escape(visible(text)))


def _n(value: float) -> str:
    """Write a place with no more digits than can be seen."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
