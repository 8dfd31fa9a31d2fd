"""Two runs as pictures: the difference with its interval against the margin, and pass@k of both."""

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index
from evalsite.site.charts.drawing import (
    LINE,
    Axis,
    Box,
    Drawn,
    Range,
    chart,
    interval,
    region,
    rule,
    scale,
    words,
)
from evalsite.site.charts.lines import CURVE_HEAD, Words, curve_line, curves_drawn
from evalsite.site.charts.series import Series
from evalsite.stats.compare.common import comparable
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.intervals import CONFIDENCE, Curve, estimate_curve
from evalsite.words import cells
from evalsite.words.sentences import certainty

_ZONES: Box = (18, 82)
HEIGHT = _ZONES[1] + 3 * LINE
"""Pixels of the picture of a difference."""


def difference_chart(found: RunComparison) -> Drawn | None:
    """Draw how pass@1 differs, its interval and the margin; None where there is nothing to compare.

    The regions are those of the decision: where the difference would have to lie, with an interval as wide as
    this one, to be missed, inconclusive or met. A comparison that decides nothing has none.
    """
    if found.numbers is None:
        return None
    main, margin = found.numbers.main, 100 * found.numbers.margin
    of = Range.of_share(main.value, main.interval)
    zones = (-margin - (of.high - of.value), -margin + (of.value - of.low))
    worst, best = of.low, of.high
    if found.missing is not None:
        worst = min(worst, 100 * found.missing.worst.main.interval.low)
        best = max(best, 100 * found.missing.best.main.interval.high)
    decides = found.decision in ("met", "missed", "inconclusive")
    axis = Axis.around(
        [worst, best, 0.0, -margin, *(zones if decides else ())],
        title="difference of pass@1, points",
        signed=True,
    )
    told = cells.moved_by(main.value, main.interval, found.numbers.margin)
    middle = _ZONES[1] - 20
    parts = [
        rule(axis, 0.0, _ZONES, tone="zero"),
        rule(axis, -margin, _ZONES, label=f"margin {cells.signed(-margin, 0 if margin % 1 == 0 else 1)}"),
    ]
    if decides:
        start, end = zones
        parts += [
            region(axis, axis.low, start, _ZONES, "bad", "missed"),
            region(axis, start, end, _ZONES, "unsure", "inconclusive"),
            region(axis, end, axis.high, _ZONES, "good", "met"),
        ]
    parts.append(scale(axis, _ZONES[1]))
    if worst < of.low or best > of.high:
        parts.append(interval(axis, Range(worst, of.value, best), middle, "possible"))
    parts += [
        interval(axis, of, middle, "candidate" if decides else ""),
        words(axis.at(of.value), middle - 12, told, tone="strong"),
    ]
    return Drawn(
        id="difference",
        title="Difference and margin",
        summary=_summary(found, told),
        svg=chart(parts, height=HEIGHT, said=f"{_summary(found, told)} {found.headline}"),
    )


def _summary(found: RunComparison, told: str) -> str:
    """Say what stands in the picture, and what its regions mean."""
    assert found.numbers is not None
    main = found.numbers.main
    parts = [f"pass@1 differs by {told} points, {100 * main.interval.confidence:g} % interval."]
    match found.decision:
        case "vacuous":
            parts.append(
                "The margin is more than half of what the baseline solves: within it proves nothing."
            )
        case "pending":
            parts.append("The runs are not ready to conclude anything, so no region is drawn.")
        case _:
            parts.append("Shaded: where the difference, with as wide an interval, would be missed or met.")
    if found.missing is not None:
        parts.append("The thin line is what missing samples could make of it.")
    return " ".join(parts)


def curves_chart(found: RunComparison, names: tuple[str, str]) -> Drawn | None:
    """Draw pass@k of both with their bands, over the problems that both have; None for single samples."""
    if found.numbers is None or found.numbers.num_samples < 2:
        return None
    here, there = comparable(found.base, found.candidate)
    both = (found.base, found.candidate), names, (here, there)
    lines = [
        curve_line(Series(run, side, "", name), _curve(run, problems), side)
        for side, run, name, problems in zip(("baseline", "candidate"), *both, strict=True)
    ]
    told = f" Bands: {certainty(CONFIDENCE)}, of each by itself."
    return curves_drawn(Words("curves", "pass@k of both", "pass@k, %", CURVE_HEAD, told), lines)


def _curve(run: LoadedRun, problems: Index) -> Curve:
    n, c = run.n[problems], run.c[problems]
    return estimate_curve(n, c, int(n.min()))
