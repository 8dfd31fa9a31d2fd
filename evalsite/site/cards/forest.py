"""The forest plot of a card: each data set's difference on a line, and all together below."""

from collections.abc import Iterator

from evalsite.site.cards.canvas import INSIDE, LEFT, colour, text
from evalsite.site.charts.drawing import Axis
from evalsite.stats.compare.forest import Forest, ForestLine
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.words.text import shorten

_NAMES, _FIGURES = 300, 330
"""Pixels of names on the left, and of figures on the right."""
_TALLEST = 52
"""Pixels of a line, where there are few."""
MOST_SETS = 9
"""Data sets that a card has a line for; of more, those that count most."""


def forest_lines(found: SuiteComparison, tone: str, top: float, height: float) -> Iterator[str]:
    """Draw the pool into what is between ``top`` and ``height`` below it; ``tone``: of its verdict."""
    forest = Forest.of(found).largest(MOST_SETS)
    axis = Axis.around([100 * end for end in forest.ends], title="", signed=True)
    line = min(_TALLEST, height / len(forest.all_lines))
    down = f"v{line * len(forest.all_lines):.1f}"
    for at, dashes in ((0.0, ""), *((each, ' stroke-dasharray="10 8"') for each, _ in forest.limits)):
        start = f"M{_across(axis, at):.1f} {top:.1f}"
        yield f'<path d="{start}{down}" stroke="{colour("muted")}" stroke-width="2"{dashes}/>'
    for row, each in enumerate(forest.all_lines):
        yield from _line(axis, each, (top + line * row, line), tone if each is forest.whole else "ink")


def _line(axis: Axis, line: ForestLine, place: tuple[float, float], tone: str) -> Iterator[str]:
    """A name, its interval with a point, and its figures."""
    (top, height), size = place, min(26, int(0.6 * place[1]))
    middle, foot = top + height / 2, top + height / 2 + size / 3
    interval = line.numbers.interval
    low, value, high = (_across(axis, each) for each in (interval.low, line.numbers.value, interval.high))
    yield text(foot, size, shorten(line.name, int(_NAMES / (0.57 * size))), tone)
    yield f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}" stroke="{colour(tone)}" stroke-width="5"/>'
    yield f'<circle cx="{value:.1f}" cy="{middle:.1f}" r="{0.22 * height:.1f}" fill="{colour(tone)}"/>'
    yield text(foot, size, line.told, tone, left=LEFT + INSIDE - _FIGURES)


def _across(axis: Axis, value: float) -> float:
    room = INSIDE - _NAMES - _FIGURES - 40
    return LEFT + _NAMES + 10 + room * axis.at(100 * value) / 100
