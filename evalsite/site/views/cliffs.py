"""A data set's levels: curves of all models, and each candidate beside its baseline, level by level."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalsite.site.charts import Figure, curve_traces, to_json
from evalsite.site.drawing import Axis, Drawn, apart, band, chart, curve, levels, point, scale, words
from evalsite.site.marks import Mark, decision_mark
from evalsite.site.subjects import CliffSubject
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.stats.cliffs import AT, Cliff, Curve, Step, named, tokens_read
from evalsite.stats.intervals import CONFIDENCE, Estimate, estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import certainty, count, figure

Point = tuple[int, Estimate]
"""A level, and pass@1 there."""
TITLES = {axis: told.capitalize() for axis, told in AT.items()}
AXES = {"tools": "tools of other problems", "context": "tokens of a conversation before the question"}
BOX = (24.0, 232.0)
"""Top and bottom of a drawn chart, in pixels."""


@dataclass(frozen=True)
class LevelRow:
    """One level, in words."""

    level: str
    tokens: str
    base: str
    candidate: str
    difference: str
    compare_path: str
    """Empty where there is no page about the two runs."""
    further: str
    """What was lost since the easiest level beyond the baseline's loss; empty there."""
    p_value: str
    mark: Mark | None


@dataclass(frozen=True)
class CliffView:
    """A candidate beside its baseline."""

    model: str
    base: str
    mark: Mark
    sentence: str
    drawn: Drawn
    rows: tuple[LevelRow, ...]
    reservations: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Levels that differ in one thing alone."""

    id: str
    title: str
    figure: Figure | None
    cliffs: tuple[CliffView, ...]


@dataclass(frozen=True)
class CliffsView:
    """The context of ``pages/cliffs.html``."""

    name: str
    panels: tuple[Panel, ...]
    margin: str
    """The allowed loss, in points."""


def cliffs_page(subject: CliffSubject) -> Page:
    """Make the page of one data set."""
    ordered = sorted(subject.curves, key=lambda one: (one.axis != "tools", one.beside, one.model))
    panels = tuple(
        _panel(subject, list(own))
        for _, own in itertools.groupby(ordered, lambda one: (one.axis, one.beside))
    )
    margin = subject.cliffs[0].margin if subject.cliffs else 0.0
    told = next((cliff.sentence for cliff in subject.cliffs), f"{count(len(panels), 'kind')} of levels.")
    frame = Frame(
        path=subject.path,
        title=f"{subject.name} made harder",
        description=told,
        crumbs=(Crumb(f"{subject.name} made harder", subject.path),),
        plots=any(panel.figure for panel in panels),
        script="cliffs",
    )
    return Page("pages/cliffs.html", frame, CliffsView(subject.name, panels, f"{100 * margin:g}"))


def _panel(subject: CliffSubject, own: Sequence[Curve]) -> Panel:
    first = own[0]
    other = named("context" if first.axis == "tools" else "tools", first.beside)
    title = TITLES[first.axis] + (
        f", {'behind' if first.axis == 'tools' else 'among'} {other}" if first.beside else ""
    )
    panel_id = f"{first.axis}-{first.beside}"
    here = [cliff for cliff in subject.cliffs if cliff.candidate.place == first.place]
    return Panel(
        id=panel_id,
        title=title,
        figure=_figure(f"{panel_id}-curves", own, subject),
        cliffs=tuple(_cliff(cliff, subject, f"{panel_id}-{number}") for number, cliff in enumerate(here)),
    )


def _points(one: Curve) -> list[Point]:
    """pass@1 on each level, over the problems that have samples."""
    found = []
    for level, run in zip(one.levels, one.runs, strict=True):
        there = np.flatnonzero(run.n)
        if there.size:
            found.append((level, estimate_pass_at_k(run.n[there], run.c[there], 1)))
    return found


def _limits(points: Sequence[Point]) -> list[tuple[float, float, float]]:
    return [(at, 100 * one.interval.low, 100 * one.interval.high) for at, one in points]


def _figure(figure_id: str, own: Sequence[Curve], subject: CliffSubject) -> Figure | None:
    """All models' curves, for the script; None where nothing is graded."""
    traces: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    ends = []
    dashes = itertools.cycle(("solid", "dot", "dash", "dashdot"))
    for one in own:
        if not (points := _points(one)):
            continue
        side, limits = subject.sides[one.runs[0].id], _limits(points)
        values = [100 * estimate.value for _, estimate in points]
        drawn = ([at for at, _ in points], values, [each[1] for each in limits], [each[2] for each in limits])
        made = curve_traces(one.model, side, next(dashes), drawn)
        made[-1]["hovertemplate"] = "%{x}: %{y:.1f} %<extra>%{fullData.name}</extra>"
        traces += made
        rows += [
            (
                one.model,
                f"{at:,}",
                cells.percent(found.value),
                *cells.percent_limits(found.interval.low, found.interval.high),
            )
            for at, found in points
        ]
        first, last = points[0], points[-1]
        ends.append(
            f"{one.model} goes from {figure(100 * first[1].value, '%')} at {first[0]:,} to "
            f"{figure(100 * last[1].value, '%')} at {last[0]:,}"
        )
    if not traces:
        return None
    at = sorted({level for one in own for level in one.levels})
    layout = {
        "height": 320,
        "showlegend": len(own) > 1,
        "xaxis": {
            "title": {"text": AXES[own[0].axis]},
            "tickvals": at,
            "ticktext": [f"{level:,}" for level in at],
        },
        "yaxis": {"ticksuffix": " %", "range": [0, 100]},
    }
    more = f"; {len(ends) - 3} more in the table" if len(ends) > 3 else ""
    return Figure(
        id=figure_id,
        title="pass@1 level by level",
        summary=f"{'; '.join(ends[:3])}{more}.",
        json=to_json(traces, layout),
        head=("Model", "Level", "pass@1, %", "low", "high"),
        rows=tuple(rows),
    )


def _cliff(cliff: Cliff, subject: CliffSubject, drawn_id: str) -> CliffView:
    return CliffView(
        model=cliff.candidate.model,
        base=cliff.base.model,
        mark=decision_mark(cliff.decision),
        sentence=cliff.sentence,
        drawn=_drawn(cliff, drawn_id),
        rows=tuple(_row(step, subject) for step in cliff.steps),
        reservations=tuple(each.sentence for each in cliff.reservations),
    )


def _drawn(cliff: Cliff, drawn_id: str) -> Drawn:
    """Baseline and candidate with their bands, as a picture that needs no script."""
    sides = (("baseline", cliff.base), ("candidate", cliff.candidate))
    at = sorted({level for _, one in sides for level in one.levels})
    across = Axis(at[0], at[-1], tuple((level, f"{level:,}") for level in at), AXES[cliff.candidate.axis])
    up = Axis(
        0, 100, tuple((value, f"{value} %" if value == 100 else str(value)) for value in (0, 25, 50, 75, 100))
    )
    parts, labels = [levels(up, BOX)], []
    for tone, one in sides:
        points = _points(one)
        values = [(float(level), 100 * found.value) for level, found in points]
        if points:
            parts += [band(across, up, BOX, _limits(points), tone), curve(across, up, BOX, values, tone)]
            parts += [point(across.at(x), up.down(y, BOX), tone) for x, y in values]
            labels.append((one.model, tone, up.down(values[-1][1], BOX) - 10))
    for (model, tone, _), y in zip(labels, apart([place for *_, place in labels], 14, BOX), strict=True):
        parts.append(words(99, y, model, tone=tone, anchor="end"))
    parts.append(scale(across, BOX[1]))
    title = f"{cliff.candidate.model} beside {cliff.base.model}"
    said = f"{title}, by {AXES[cliff.candidate.axis]}. {cliff.sentence}"
    told = f"pass@1 with intervals of {certainty(CONFIDENCE)} over problems."
    return Drawn(drawn_id, title, told, chart(parts, height=BOX[1] + 44, said=said))


def _row(step: Step, subject: CliffSubject) -> LevelRow:
    moved, further = step.difference, step.further
    pair = step.base.id, step.candidate.id
    return LevelRow(
        level=f"{step.level:,}",
        tokens=_tokens(step),
        base=cells.percent(moved.base) if moved else cells.DASH,
        candidate=cells.percent(moved.candidate) if moved else cells.DASH,
        difference=_between(moved.value, moved.interval.low, moved.interval.high) if moved else cells.DASH,
        compare_path=subject.urls.compare(*pair) if pair in subject.compared else "",
        further=_between(further.value, further.interval.low, further.interval.high) if further else "",
        p_value=cells.p_value(further.p_adjusted) if further else "",
        mark=decision_mark(further.decision) if further else None,
    )


def _between(value: float, low: float, high: float) -> str:
    return f"{cells.points(value)} ({' to '.join(cells.point_limits(low, high))})"


def _tokens(step: Step) -> str:
    """Tokens of a prompt by the servers' own counts; two where baseline and candidate were told others."""
    told = [tokens_read(run) for run in (step.base, step.candidate)]
    known = dict.fromkeys(f"{read:,.0f}" for read in told if read is not None)
    return " / ".join(known) or cells.DASH
