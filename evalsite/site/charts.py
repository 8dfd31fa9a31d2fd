"""Runs -> plotly figures as plain dicts, each with its text summary and table.

Colours are names (``"@baseline"``) that the page's script replaces by the design tokens of the theme in
force, so no colour is written twice. Figures carry no template: the script adds what all charts share.
"""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.tally import SHOWN_KS
from evalsite.stats.intervals import estimate_curve, estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.limits import outward
from evalsite.words.sentences import count, figure
from evalsite.words.text import visible

Sided = tuple[LoadedRun, str]
"""A run and its side: ``baseline``, ``candidate`` or empty."""

MAX_CURVE_POINTS = 24
_DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
"""What tells lines of one side, and so of one colour, apart."""
_SYMBOLS = {"baseline": "square", "candidate": "diamond", "": "circle"}


@dataclass(frozen=True)
class Figure:
    """A chart: its data for the script, and the same in words and as a table for everybody else."""

    id: str
    title: str
    summary: str
    json: Markup
    """Plotly's figure as JSON, safe inside a script element."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Measure:
    """A quantity to hold quality against."""

    id: str
    title: str
    axis: str
    get: Callable[[LoadedRun], float | None]
    word: Callable[[float], str]


def _latency(entry: LoadedRun) -> float | None:
    measured = entry.summary.latency_s
    return measured.mean if measured else None


def _gigabytes(entry: LoadedRun) -> float | None:
    count = entry.run.model.card.weights_bytes
    return count / 1e9 if count else None


MEASURES = (
    Measure(
        "bits",
        "pass@1 against bits per weight",
        "bits per weight",
        lambda entry: entry.run.model.card.bits_per_weight,
        lambda value: f"{value:g} bits",
    ),
    Measure(
        "size",
        "pass@1 against size of the weights",
        "weights, GB",
        _gigabytes,
        lambda value: f"{value:.1f} GB",
    ),
    Measure("latency", "pass@1 against latency", "mean request latency, s", _latency, cells.seconds),
)


def score_figure(figure_id: str, runs: Sequence[Sided]) -> Figure | None:
    """Draw pass@1 of all runs with their intervals; None for fewer than two."""
    scored = [(entry, side) for entry, side in runs if entry.max_k]
    if len(scored) < 2:
        return None
    estimates = [estimate_pass_at_k(entry.n, entry.c, 1) for entry, _ in scored]
    names = _names([entry for entry, _ in scored])
    values = [100 * estimate.value for estimate in estimates]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": _round(values),
        "y": _labels(names),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": _round(
                [100 * one.interval.high - value for one, value in zip(estimates, values, strict=True)]
            ),
            "arrayminus": _round(
                [value - 100 * one.interval.low for one, value in zip(estimates, values, strict=True)]
            ),
            "color": "@muted",
            "thickness": 1.5,
            "width": 3,
        },
        "marker": _marker([side for _, side in scored]),
        "hovertemplate": "%{y}: %{x:.1f} %<extra></extra>",
        "showlegend": False,
    }
    layout = {
        "height": 72 + 28 * len(scored),
        "xaxis": {"ticksuffix": " %", "range": [0, 100]},
        "yaxis": {"autorange": "reversed", "type": "category"},
    }
    best, worst = names[int(np.argmax(values))], names[int(np.argmin(values))]
    return Figure(
        id=figure_id,
        title="pass@1 with intervals",
        summary=f"From {figure(min(values), '%')} ({worst}) to {figure(max(values), '%')} ({best}).",
        json=to_json([trace], layout),
        head=("Model", "pass@1, %", "low", "high", "interval"),
        rows=tuple(
            (
                name,
                cells.percent(one.value),
                *cells.percent_limits(one.interval.low, one.interval.high),
                one.interval.method,
            )
            for name, one in zip(names, estimates, strict=True)
        ),
    )


def curve_figure(figure_id: str, runs: Sequence[Sided]) -> Figure | None:
    """Draw pass@k over k with pointwise bands; None where no run has two samples of every problem."""
    runs = [(entry, side) for entry, side in runs if entry.max_k > 1]
    if not runs:
        return None
    names = _names([entry for entry, _ in runs])
    traces: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    ends = []
    dashes: dict[str, Iterator[str]] = defaultdict(lambda: itertools.cycle(_DASHES))
    for name, (entry, side) in zip(names, runs, strict=True):
        curve = estimate_curve(entry.n, entry.c, entry.max_k)
        keep = thin(len(curve.ks))
        ks = [curve.ks[index] for index in keep]
        values, low, high = (
            [100 * float(array[i]) for i in keep] for array in (curve.values, curve.low, curve.high)
        )
        traces += curve_traces(name, side, next(dashes[side]), (ks, values, low, high))
        rows += [
            (name, str(k), cells.decimal(value), *outward(a, b).texts)
            for k, value, a, b in zip(ks, values, low, high, strict=True)
        ]
        ends.append(
            f"{name} goes from {figure(values[0], '%')} at k = 1 to {figure(values[-1], '%')} at k = {ks[-1]}"
        )
    layout = {
        "height": 320,
        "showlegend": len(runs) > 1,
        "xaxis": {
            "title": {"text": "k, samples that may be tried"},
            "type": "log",
            "tickvals": _ticks(max(entry.max_k for entry, _ in runs)),
        },
        "yaxis": {"ticksuffix": " %", "rangemode": "tozero"},
    }
    return Figure(
        id=figure_id,
        title="pass@k curves" if len(runs) > 1 else "pass@k curve",
        summary=f"{'; '.join(ends[:3])}{f'; {len(ends) - 3} more in the table' if len(ends) > 3 else ''}.",
        json=to_json(traces, layout),
        head=("Model", "k", "pass@k, %", "low", "high"),
        rows=tuple(rows),
    )


def curve_traces(
    name: str, side: str, dash: str, points: tuple[list[int], list[float], list[float], list[float]]
) -> list[dict[str, object]]:
    """One model's band, and its line on top; ``points`` are k, values, lower and upper limits."""
    ks, values, low, high = points
    colour = f"@{side or 'muted'}"
    band: dict[str, object] = {
        "type": "scatter",
        "mode": "lines",
        "x": [*ks, *reversed(ks)],
        "y": _round([*high, *reversed(low)]),
        "fill": "toself",
        "fillcolor": f"{colour}/band",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    line: dict[str, object] = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": _labels([name])[0],
        "x": ks,
        "y": _round(values),
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"symbol": _SYMBOLS[side], "size": 6, "color": colour},
        "hovertemplate": "pass@%{x}: %{y:.1f} %<extra>%{fullData.name}</extra>",
    }
    return [band, line]


def tradeoff_figure(
    figure_id: str, measure: Measure, runs: Sequence[Sided], vacuous: Container[str] = ()
) -> Figure | None:
    """Draw pass@1 against a cost, with the Pareto front; None for fewer than two runs that know both.

    ``vacuous``: ids of runs whose verdict proves nothing; they are drawn, and stand on no front.
    """
    known = [
        (entry, side, cost)
        for entry, side in runs
        if entry.max_k and (cost := measure.get(entry)) is not None
    ]
    if len(known) < 2:
        return None
    names = _names([entry for entry, _, _ in known])
    costs = [cost for _, _, cost in known]
    scores = [100 * (entry.pass_at_1 or 0.0) for entry, _, _ in known]
    proven = [index for index, (entry, _, _) in enumerate(known) if entry.id not in vacuous]
    found = pareto([costs[index] for index in proven], [scores[index] for index in proven])
    front = [proven[index] for index in found]
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "Pareto front",
            "x": [round(costs[index], 4) for index in front],
            "y": _round([scores[index] for index in front]),
            "line": {"color": "@faint", "width": 1.5, "dash": "dot", "shape": "hv"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [round(cost, 4) for cost in costs],
            "y": _round(scores),
            "text": _labels(names),
            "textposition": [_beside(cost, costs) for cost in costs],
            "cliponaxis": False,
            "marker": _marker([side for _, side, _ in known]),
            "hovertemplate": "%{text}: %{y:.1f} % at %{x}<extra></extra>",
        },
    ]
    layout = {
        "height": 320,
        "showlegend": False,
        "xaxis": {"title": {"text": measure.axis}, "rangemode": "tozero"},
        "yaxis": {"ticksuffix": " %", "range": _room(scores)},
    }
    return Figure(
        id=figure_id,
        title=measure.title,
        summary=_front_summary(names, front, proven),
        json=to_json(traces, layout),
        head=("Model", measure.axis, "pass@1, %", "Pareto front"),
        rows=tuple(
            (name, measure.word(cost), cells.decimal(score), "yes" if index in front else "no")
            for index, (name, cost, score) in enumerate(zip(names, costs, scores, strict=True))
        ),
    )


def _front_summary(names: Sequence[str], front: Sequence[int], proven: Sequence[int]) -> str:
    on_front = ", ".join(names[index] for index in front) or "none"
    off = ", ".join(name for index, name in enumerate(names) if index not in proven)
    left_out = f" Left out, since the baseline is too weak to show a loss: {off}." if off else ""
    return f"On the Pareto front, where nothing else is both better and cheaper: {on_front}.{left_out}"


def time_figure(figure_id: str, runs: Sequence[Sided]) -> Figure | None:
    """Draw pass@1 over the date of the run; None for fewer than three dates."""
    scored = sorted(
        ((entry, side) for entry, side in runs if entry.max_k), key=lambda item: item[0].run.created_at
    )
    if len({entry.run.created_at[:10] for entry, _ in scored}) < 3:
        return None
    names = _names([entry for entry, _ in scored])
    scores = [100 * (entry.pass_at_1 or 0.0) for entry, _ in scored]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [entry.run.created_at for entry, _ in scored],
        "y": _round(scores),
        "text": _labels(names),
        "marker": _marker([side for _, side in scored]),
        "hovertemplate": "%{text}, %{x|%Y-%m-%d}: %{y:.1f} %<extra></extra>",
        "showlegend": False,
    }
    layout = {"height": 320, "xaxis": {"type": "date"}, "yaxis": {"ticksuffix": " %", "range": _room(scores)}}
    return Figure(
        id=figure_id,
        title="pass@1 over time",
        summary=f"{count(len(scored), 'run')} between {scored[0][0].run.created_at[:10]} "
        f"and {scored[-1][0].run.created_at[:10]}.",
        json=to_json([trace], layout),
        head=("Date", "Model", "pass@1, %"),
        rows=tuple(
            (entry.run.created_at[:10], name, cells.decimal(score))
            for (entry, _), name, score in zip(scored, names, scores, strict=True)
        ),
    )


def pareto(costs: Sequence[float], scores: Sequence[float]) -> list[int]:
    """Return the indices that no other beats in both, by rising cost."""
    front: list[int] = []
    for index in sorted(range(len(costs)), key=lambda i: (costs[i], -scores[i])):
        if not front or scores[index] > scores[front[-1]]:
            front.append(index)
    return front


def to_json(data: list[dict[str, object]], layout: dict[str, object]) -> Markup:
    """Serialise a figure for a script element."""
    return to_plain_json({"data": data, "layout": layout})


def to_plain_json(value: object) -> Markup:
    """Serialise for a script element: nothing in it can end the element; the bytes are always the same."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _marker(sides: Sequence[str]) -> dict[str, object]:
    return {
        "size": 10,
        "color": [f"@{side or 'muted'}" for side in sides],
        "symbol": [_SYMBOLS[side] for side in sides],
    }


def _names(entries: Sequence[LoadedRun]) -> list[str]:
    """Model names, told apart by date (and id) where one occurs twice."""
    models = [entry.model for entry in entries]
    dated = [
        model if models.count(model) == 1 else f"{model} ({entry.run.created_at[:10]})"
        for model, entry in zip(models, entries, strict=True)
    ]
    return [
        name if dated.count(name) == 1 else f"{name} #{dated[: index + 1].count(name)}"
        for index, name in enumerate(dated)
    ]


def _labels(names: Sequence[str]) -> list[str]:
    """Names as plotly takes them: it reads its own few tags and entities in any text."""
    return [str(escape(visible(name))) for name in names]


def _beside(cost: float, costs: Sequence[float]) -> str:
    """Place a label so that it stays inside the chart, whose axis starts at zero."""
    share = cost / (max(costs) or 1.0)
    return "top right" if share < 0.3 else "top left" if share > 0.7 else "top center"


def _room(scores: Sequence[float]) -> list[float]:
    """A range of percents with room around the scores for their labels, and never a magnified nothing."""
    return [round(max(0.0, min(scores) - 8), 1), round(min(100.0, max(scores) + 8), 1)]


def _ticks(most: int) -> list[int]:
    return [k for k in SHOWN_KS if k <= most]


def thin(count: int) -> list[int]:
    """Choose at most about two dozen of ``count`` points, evenly on a logarithmic axis."""
    if count <= MAX_CURVE_POINTS:
        return list(range(count))
    return sorted({round(float(x)) - 1 for x in np.geomspace(1, count, MAX_CURVE_POINTS)})


def _round(values: Sequence[float]) -> list[float]:
    return [round(value, 2) for value in values]
