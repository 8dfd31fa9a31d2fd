"""A data set's levels: curves of all models, and each candidate beside its baseline, level by level."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalsite.site.charts.drawing import Axis, Drawn
from evalsite.site.charts.lines import Line, Words, lines_chart
from evalsite.site.subjects.runs import CliffSubject
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.stats.cliffs import AT, Cliff, Curve, Step, named, tokens_read
from evalsite.stats.intervals import CONFIDENCE, Estimate, estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import certainty, count

Point = tuple[int, Estimate]
"""A level, and pass@1 there."""
TITLES = {axis: told.capitalize() for axis, told in AT.items()}
AXES = {"tools": "tools of other problems", "context": "tokens of a conversation before the question"}
HEAD = ("Model", "Level", "pass@1, %", "low", "high")


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
    figure: Drawn | None
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
        script="charts",
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


def _figure(figure_id: str, own: Sequence[Curve], subject: CliffSubject) -> Drawn | None:
    """All models' curves; None where nothing is graded."""
    lines = [line for one in own if (line := _line(one, subject.sides[one.runs[0].id])) is not None]
    return _lines(Words(figure_id, "pass@1 level by level", "pass@1, %", HEAD), lines, own) if lines else None


def _lines(about_it: Words, lines: Sequence[Line], own: Sequence[Curve]) -> Drawn:
    at = sorted({level for one in own for level in one.levels})
    return lines_chart(
        about_it, lines, Axis(at[0], at[-1], tuple((level, f"{level:,}") for level in at), AXES[own[0].axis])
    )


def _line(one: Curve, side: str) -> Line | None:
    """One model as a line; None where nothing is graded."""
    points = tuple(
        (float(level), low, 100 * found.value, high)
        for (level, found), (_, low, high) in zip(_points(one), _limits(_points(one)), strict=True)
    )
    return Line(one.model, side, "", points, f"n = {one.runs[0].run.num_samples}") if points else None


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
    """Baseline and candidate with their bands."""
    sides = (("baseline", cliff.base), ("candidate", cliff.candidate))
    lines = [line for side, one in sides if (line := _line(one, side)) is not None]
    title = f"{cliff.candidate.model} beside {cliff.base.model}"
    told = f"pass@1 with intervals of {certainty(CONFIDENCE)} over problems. {cliff.sentence}"
    about_it = Words(drawn_id, title, "pass@1, %", HEAD, summary=told)
    return _lines(about_it, lines, (cliff.base, cliff.candidate))


def _row(step: Step, subject: CliffSubject) -> LevelRow:
    moved, further = step.difference, step.further
    pair = step.base.id, step.candidate.id
    return LevelRow(
        level=f"{step.level:,}",
        tokens=_tokens(step),
        base=cells.percent(moved.base) if moved else cells.DASH,
        candidate=cells.percent(moved.candidate) if moved else cells.DASH,
        difference=cells.moved_by(moved.value, moved.interval) if moved else cells.DASH,
        compare_path=subject.urls.compare(*pair) if pair in subject.compared else "",
        further=cells.moved_by(further.value, further.interval) if further else "",
        p_value=cells.p_value(further.p_adjusted) if further else "",
        mark=decision_mark(further.decision) if further else None,
    )


def _tokens(step: Step) -> str:
    """Tokens of a prompt by the servers' own counts; two where baseline and candidate were told others."""
    told = [tokens_read(run) for run in (step.base, step.candidate)]
    known = dict.fromkeys(f"{read:,.0f}" for read in told if read is not None)
    return " / ".join(known) or cells.DASH
