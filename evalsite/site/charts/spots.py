"""Scores with their intervals: one below the other, on an axis across, and over the days."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.site.charts.drawing import (
    LINE,
    Axis,
    Box,
    Drawn,
    Range,
    about,
    apart,
    chart,
    interval,
    levels,
    scale,
    span,
    tie,
    upright,
    words,
)
from evalsite.site.charts.lines import PERCENT
from evalsite.site.charts.live import SYMBOLS, Trace, label, percent_axis, rounded, tint, to_json
from evalsite.site.charts.series import Series, choose, short
from evalsite.stats.intervals import Estimate, estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import count, figure

ROW = 32
"""Pixels of a run in the chart of scores."""


@dataclass(frozen=True)
class Spot:
    """A run's score in a chart."""

    of: Series
    estimate: Estimate

    @property
    def range(self) -> Range:
        """The score between its limits, in percent."""
        return Range.of_share(self.estimate.value, self.estimate.interval)

    @property
    def limits(self) -> tuple[str, str]:
        """Its limits in words."""
        return cells.percent_limits(self.estimate.interval.low, self.estimate.interval.high)

    @property
    def note(self) -> str:
        """What is told of it on hover."""
        low, high = self.limits
        return f"{cells.percent(self.estimate.value)} % ({low} to {high}), n = {self.of.run.run.num_samples}"

    @property
    def cells(self) -> tuple[str, str, str]:
        """Score and limits for a table."""
        return (cells.percent(self.estimate.value), *self.limits)


def scored_spots(entries: Sequence[Series]) -> tuple[list[Spot], str]:
    """Choose runs that have a score; says what is left out."""
    chosen, left_out = choose([one for one in entries if one.run.max_k])
    return [Spot(one, estimate_pass_at_k(one.run.n, one.run.c, 1)) for one in chosen], left_out


def score_chart(chart_id: str, entries: Sequence[Series]) -> Drawn | None:
    """Draw pass@1 of all runs with their intervals, a row each; None for fewer than two."""
    spots, left_out = scored_spots(entries)
    if len(spots) < 2:
        return None
    axis = Axis(0, 100, PERCENT, "pass@1, %")
    foot = ROW * len(spots)
    rows = [span(100, _score(axis, one), ROW * index, keys=one.of.key) for index, one in enumerate(spots)]
    best, worst = (pick(spots, key=lambda one: one.range.value) for pick in (max, min))
    summary = (
        f"From {figure(worst.range.value, '%')} ({worst.of.name}) to {figure(best.range.value, '%')} "
        f"({best.of.name}).{left_out}"
    )
    return Drawn(
        id=chart_id,
        title="pass@1 with intervals",
        summary=summary,
        svg=chart(
            [*rows, span(100, [scale(axis, 0)], foot)], height=foot + 3 * LINE, said=summary, classes="rows"
        ),
        head=("Model", "pass@1, %", "low", "high", "interval"),
        rows=tuple((one.of.name, *one.cells, one.estimate.interval.method) for one in spots),
        live=to_json(
            [_trace(one, (one.range.value, label(one.of.name)), upright=False) for one in spots],
            {
                "height": 72 + 28 * len(spots),
                "xaxis": percent_axis(),
                "yaxis": {"autorange": "reversed", "type": "category"},
            },
        ),
    )


_BESIDE = 32
"""Characters of a name that has a row to itself, and its figures at the end of it."""


def _score(axis: Axis, one: Spot) -> list[str]:
    low, high = one.limits
    return [
        words(0, 11, short(one.of.name, _BESIDE), tone=one.of.side, anchor="start", title=one.of.name),
        words(100, 11, f"{one.cells[0]} ({low}–{high})", anchor="end"),
        interval(axis, one.range, 21, one.of.side),
    ]


Tie = tuple[Spot, Spot, bool]
"""Two spots that a line joins, and whether the data tell them apart."""


def time_chart(chart_id: str, entries: Sequence[Series]) -> Drawn | None:
    """Draw pass@1 over the date of the run, each model's own joined; None for fewer than three dates."""
    scored = sorted((one for one in entries if one.run.max_k), key=lambda one: one.run.run.created_at)
    if len({one.run.run.created_at[:10] for one in scored}) < 3:
        return None
    spots, left_out = scored_spots(scored)
    when = {one.of.run.id: _day(one.of.run) for one in spots}
    first, last = min(when.values()), max(when.values())
    room = (last - first) / 16  # the outermost stand beside the words of the other axis
    own: dict[str, list[Spot]] = defaultdict(list)
    for one in spots:
        own[one.of.run.model].append(one)
    days = sorted({cells.day(one.of.run.run.created_at) for one in spots})
    marks = [days[round(place)] for place in np.linspace(0, len(days) - 1, min(3, len(days)))]
    ticks = tuple((datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() / 86400, day) for day in marks)
    return scatter(
        (
            chart_id,
            "pass@1 over time",
            f"{count(len(scored), 'run')} between {days[0]} and {days[-1]}; joined within a model.{left_out}",
        ),
        spots,
        Axis(first - room, last + room, ticks, "day of the run"),
        when,
        [(one, other, True) for each in own.values() for one, other in itertools.pairwise(each)],
        head=("Date", "Model", "pass@1, %", "low", "high"),
        rows=[(cells.day(one.of.run.run.created_at), one.of.name, *one.cells) for one in spots],
    )


def _day(entry: LoadedRun) -> float:
    """When a run was made, in days."""
    return datetime.fromisoformat(entry.run.created_at).timestamp() / 86400


def scatter(
    told: tuple[str, str, str],
    spots: Sequence[Spot],
    across: Axis,
    at: dict[str, float],
    ties: Sequence[Tie],
    *,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
) -> Drawn:
    """Draw spots by what they have ``at`` the axis across and their score; some of them are joined."""
    chart_id, title, summary = told
    up = _room([limit for one in spots for limit in one.range])
    box: Box = (2.5 * LINE, 2.5 * LINE + max(190, LINE * len(spots)))
    x = {one.of.run.id: across.at(at[one.of.run.id]) for one in spots}
    y = {one.of.run.id: up.down(one.range.value, box) for one in spots}
    parts = [levels(up, box)]
    for one, other, certain in ties:
        places = [(x[each.of.run.id], y[each.of.run.id]) for each in (one, other)]
        parts.append(
            about(_keys(one, other), tie(places[0], places[1], "family" if certain else "family d1"))
        )
    labelled = apart([y[one.of.run.id] + 4 for one in spots], LINE, box)
    for one, foot in zip(spots, labelled, strict=True):
        here, side = x[one.of.run.id], one.of.side
        right = here < 60
        parts.append(
            about(
                one.of.key,
                _leader((here, y[one.of.run.id]), foot, right=right, tone=side)
                + upright(here, up, one.range, box, side, title=f"{one.of.name}: {one.note}")
                + words(
                    here,
                    foot,
                    short(one.of.name),
                    tone=side,
                    anchor="start" if right else "end",
                    aside=10 if right else -10,
                    title=one.of.name,
                ),
            )
        )
    parts.append(scale(across, box[1]))
    links = [_link(one, other, certain, at) for one, other, certain in ties]
    drawn = [_trace(one, (at[one.of.run.id], one.range.value), upright=True) for one in spots]
    return Drawn(
        id=chart_id,
        title=title,
        summary=summary,
        svg=chart(parts, height=box[1] + 3 * LINE, said=f"{title}. {summary}"),
        head=head,
        rows=tuple(rows),
        live=to_json([*links, *drawn], _layout(across, up)),
    )


def _leader(spot: tuple[float, float], foot: float, *, right: bool, tone: str) -> str:
    """Tie a spot to its name where that had to move away."""
    x, y = spot
    if abs(foot - 4 - y) < LINE / 2:
        return ""
    return tie((x, y), (x + (1 if right else -1), foot - 4), tone)


def _layout(across: Axis, up: Axis) -> dict[str, object]:
    return {
        "showlegend": False,
        "xaxis": {
            "title": {"text": across.title},
            "range": [across.low, across.high],
            "tickvals": [value for value, _ in across.ticks],
            "ticktext": [text for _, text in across.ticks],
        },
        "yaxis": percent_axis(up.low, up.high),
    }


def _link(one: Spot, other: Spot, certain: bool, at: dict[str, float]) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [at[each.of.run.id] for each in (one, other)],
        "y": rounded(each.range.value for each in (one, other)),
        "line": {"color": "@faint", "width": 1.5, "dash": "solid" if certain else "dot"},
        "hoverinfo": "skip",
        "meta": _keys(one, other).split(),
    }


def _keys(one: Spot, other: Spot) -> str:
    return f"{one.of.key} {other.of.key}".strip()


def _trace(one: Spot, place: tuple[object, object], *, upright: bool) -> Trace:
    """A spot for plotly, with its interval."""
    of = one.range
    error = {
        "type": "data",
        "symmetric": False,
        "array": rounded([of.high - of.value]),
        "arrayminus": rounded([of.value - of.low]),
        "color": tint(one.of.side),
        "thickness": 1.5,
        "width": 3,
    }
    x, y = (round(each, 4) if isinstance(each, float) else each for each in place)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "error_y" if upright else "error_x": error,
        "marker": {"size": 10, "color": tint(one.of.side), "symbol": SYMBOLS[one.of.side]},
        "hovertemplate": f"{label(one.of.name)}: {label(one.note)}<extra></extra>",
        "meta": [one.of.key],
    }


def _room(values: Sequence[float]) -> Axis:
    """Percents with room around the scores, and never a magnified nothing."""
    return Axis.around([max(0.0, min(values) - 2), min(100.0, max(values) + 2)], title="pass@1, %")
