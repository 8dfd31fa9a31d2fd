"""Lines with their bands, each named at its end: pass@k over k, and pass@1 from level to level."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evalsite.counts.tally import SHOWN_KS
from evalsite.site.charts.drawing import (
    LINE,
    Axis,
    Box,
    Drawn,
    about,
    apart,
    band,
    chart,
    curve,
    levels,
    point,
    scale,
    span,
    tie,
    words,
)
from evalsite.site.charts.live import DASHES, Trace, label, percent_axis, rounded, tint, to_json
from evalsite.site.charts.series import Series, choose, short
from evalsite.stats.intervals import Curve, estimate_curve
from evalsite.words import cells
from evalsite.words.limits import outward
from evalsite.words.sentences import figure

MOST_POINTS = 24
"""Points of a drawn curve; the table has the same."""
PERCENT = ((0.0, "0"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (100.0, "100"))
_ROOM = 64.0
"""Percent of a chart's width for its lines, where there are several; the rest is for their names."""


@dataclass(frozen=True)
class Line:
    """One line: where it goes, and between what limits; shares in percent."""

    name: str
    side: str
    key: str
    points: tuple[tuple[float, float, float, float], ...]
    """Figure across, lower limit, value, upper limit."""
    note: str
    """What else is told of it on hover, such as its number of samples."""
    label: str = ""
    """What stands at its end; by default its name, cut."""

    @property
    def ends(self) -> str:
        """Where it begins and ends, in words that follow its name."""
        (first, _, one, _), (last, _, other, _) = self.points[0], self.points[-1]
        return f"{self.name} goes from {figure(one, '%')} at {first:,g} to {figure(other, '%')} at {last:,g}"


@dataclass(frozen=True)
class Words:
    """What a chart of lines is called, and what is measured."""

    id: str
    title: str
    up: str
    head: tuple[str, ...]
    more: str = ""
    """What the summary ends with."""
    summary: str = ""
    """In place of where each line begins and ends."""


def curve_chart(chart_id: str, entries: Sequence[Series]) -> Drawn | None:
    """Draw pass@k over k with pointwise bands; None where no run has two samples of every problem."""
    chosen, left_out = choose([one for one in entries if one.run.max_k > 1])
    if not chosen:
        return None
    lines = [curve_line(one, estimate_curve(one.run.n, one.run.c, one.run.max_k)) for one in chosen]
    title = "pass@k curves" if len(lines) > 1 else "pass@k curve"
    return curves_drawn(Words(chart_id, title, "pass@k, %", CURVE_HEAD, left_out), lines)


CURVE_HEAD = ("Model", "k", "pass@k, %", "low", "high")


def curve_line(one: Series, of: Curve, name: str = "") -> Line:
    """A run's curve as a line; ``name``: what stands at its end in place of the run's name."""
    points = tuple(
        (of.ks[i], 100 * float(of.low[i]), 100 * float(of.values[i]), 100 * float(of.high[i]))
        for i in thin(len(of.ks))
    )
    return Line(one.name, one.side, one.key, points, f"n = {one.run.run.num_samples}", name)


def curves_drawn(about_it: Words, lines: Sequence[Line]) -> Drawn:
    """Draw curves over k, which is even in ratios."""
    most = max(line.points[-1][0] for line in lines)
    marks = tuple((k, f"{k:g}") for k in sorted({*SHOWN_KS, most}) if k <= most)
    return lines_chart(about_it, lines, Axis(1, most, marks, "k, samples that may be tried", log=True))


def lines_chart(about_it: Words, lines: Sequence[Line], across: Axis) -> Drawn:
    """Draw lines on an axis, from 0 to 100 %, each with its name at its end."""
    up = Axis(0, 100, PERCENT, about_it.up)
    box: Box = (2.5 * LINE, 2.5 * LINE + max(190, LINE * len(lines)))
    styled = [(line, number) for line, number in zip(lines, _numbers(lines), strict=True)]
    room = _ROOM if len(lines) > 1 else 100.0
    inside = [levels(up, box)]
    inside += [_line(line, number, (across, up, box)) for line, number in styled]
    inside.append(scale(across, box[1]))
    parts = [span(room, inside)]
    if len(lines) > 1:
        wanted = [up.down(line.points[-1][2], box) for line in lines]
        for line, end, y in zip(lines, wanted, apart([end + 4 for end in wanted], LINE, box), strict=True):
            drawn = tie((room, end), (room + 2, y - 4), line.side)
            told = f"{line.label or short(line.name)} {cells.decimal(line.points[-1][2])}"
            name = words(room + 3, y, told, tone=line.side, anchor="start", title=line.name)
            parts.append(about(line.key, drawn + name))
    told = "; ".join(line.ends for line in lines[:3])
    more = f"; {len(lines) - 3} more in the table" if len(lines) > 3 else ""
    summary = about_it.summary or f"{told}{more}.{about_it.more}"
    return Drawn(
        id=about_it.id,
        title=about_it.title,
        summary=summary,
        svg=chart(parts, height=box[1] + 3 * LINE, said=f"{about_it.title}. {summary}"),
        head=about_it.head,
        rows=tuple(_row(line, at) for line in lines for at in line.points),
        live=to_json(
            [trace for line, number in styled for trace in _traces(line, number)], _layout(across, up)
        ),
    )


def _numbers(lines: Sequence[Line]) -> Iterator[int]:
    """Which of its side each line is: what tells lines of one colour apart."""
    seen: dict[str, Iterator[int]] = defaultdict(lambda: itertools.cycle(range(len(DASHES))))
    return (next(seen[line.side]) for line in lines)


def _line(line: Line, number: int, place: tuple[Axis, Axis, Box]) -> str:
    across, up, box = place
    x, _, value, _ = line.points[-1]
    drawn = band(across, up, box, [(x, low, high) for x, low, _, high in line.points], line.side)
    drawn += curve(
        across,
        up,
        box,
        [(x, value) for x, _, value, _ in line.points],
        f"{line.side} d{number}".strip() if number else line.side,
    )
    told = f"{line.name}: {cells.decimal(value)} % at {x:,g}, {line.note}"
    return about(line.key, drawn + point(across.at(x), up.down(value, box), line.side, title=told))


def _row(line: Line, at: tuple[float, float, float, float]) -> tuple[str, ...]:
    x, low, value, high = at
    return (line.name, f"{x:,g}", cells.decimal(value), *outward(low, high).texts)


def _traces(line: Line, number: int) -> list[Trace]:
    """A line's band, and the line on top, for plotly."""
    xs, low, values, high = (list(column) for column in zip(*line.points, strict=True))
    colour, meta = tint(line.side), [line.key]
    band_of: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [*xs, *reversed(xs)],
        "y": rounded([*high, *reversed(low)]),
        "fill": "toself",
        "fillcolor": f"{colour}/band",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "meta": meta,
    }
    drawn: Trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": label(line.name),
        "x": xs,
        "y": rounded(values),
        "customdata": [list(outward(a, b).texts) for a, b in zip(low, high, strict=True)],
        "line": {"color": colour, "width": 2, "dash": DASHES[number]},
        "marker": {"color": colour, "size": 4},
        "hovertemplate": "%{y:.1f} % (%{customdata[0]} to %{customdata[1]}), "
        + label(line.note)
        + "<extra>%{fullData.name}</extra>",
        "meta": meta,
    }
    return [band_of, drawn]


def _layout(across: Axis, up: Axis) -> dict[str, object]:
    return {
        "hovermode": "x unified",
        "showlegend": False,
        "xaxis": {
            "title": {"text": across.title},
            "type": "log" if across.log else "linear",
            "tickvals": [value for value, _ in across.ticks],
            "ticktext": [text for _, text in across.ticks],
        },
        "yaxis": percent_axis(title=up.title),
    }


def thin(count: int) -> list[int]:
    """Choose at most about two dozen of ``count`` points, evenly on a logarithmic axis."""
    if count <= MOST_POINTS:
        return list(range(count))
    return sorted({round(float(x)) - 1 for x in np.geomspace(1, count, MOST_POINTS)})
