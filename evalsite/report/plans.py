"""Plans of a campaign as text, Markdown, JSON, and a chart of power against requests."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from xml.sax.saxutils import escape

from evalsite.report.documents import as_document
from evalsite.report.tables import Table, markdown_table, text_table
from evalsite.stats.compare.design import CAMPAIGNS, CONCENTRATION
from evalsite.stats.plans import Plan, Question
from evalsite.words.cells import DASH, HYPHEN
from evalsite.words.sentences import count, percents
from evalsite.words.text import visible

HEADER = ("data sets", "problems", "samples", "power", "requests", "tokens", "hours")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 760, 420, 60, 20, 240, 60
_GREY = "#575c67"
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
    'font-family="sans-serif" font-size="13"><title>Power against requests</title>'
)
_AXIS = "requests, on a logarithmic scale; dashed: the power that is wanted"
_COLOURS = ("#1c5ca6", "#ad3b0b", "#0b6e54", "#88358e", "#775a00", "#575c67")


def as_text(found: Sequence[Plan], asked: Question) -> str:
    """Return what to do, then all plans."""
    return "\n\n".join([_conclusion(found, asked), _table(found, text_table), _assumptions(found)])


def as_markdown(found: Sequence[Plan], asked: Question) -> str:
    """Return the same for an issue."""
    return "\n\n".join(
        [f"**{_conclusion(found, asked)}**", _table(found, markdown_table), _assumptions(found)]
    )


def as_json(found: Sequence[Plan], asked: Question) -> str:
    """Return the same for scripts."""
    document = {**asdict(asked), "plans": [asdict(plan) for plan in found]}
    return as_document(document)


def as_svg(found: Sequence[Plan], asked: Question) -> str:
    """Draw power against requests, a line for each data set and for all of them together."""
    least, most = (math.log(edge(plan.requests for plan in found)) for edge in (min, max))
    reach = max(most - least, 1e-9)

    def place(plan: Plan) -> tuple[float, float]:
        across = _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log(plan.requests) - least) / reach
        return across, _level(plan.power)

    lines = []
    for number, datasets in enumerate(dict.fromkeys(plan.datasets for plan in found)):
        own = sorted((one for one in found if one.datasets == datasets), key=lambda plan: plan.requests)
        colour, points = _COLOURS[number % len(_COLOURS)], [place(plan) for plan in own]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        name = escape(visible(" + ".join(datasets)))
        lines.append(_text(_WIDTH - _RIGHT + 20, _TOP + 20 + 22 * number, name, colour))
    ticks = sorted({plan.requests for plan in found})
    kept = [tick for index, tick in enumerate(ticks) if index in (0, len(ticks) // 2, len(ticks) - 1)]
    wanted = _level(asked.power)
    return "".join(
        [
            _HEAD,
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            *(_text(_LEFT - 10, _level(share) + 4, percents(share), _GREY, "end") for share in (0, 0.5, 1)),
            f'<path d="M{_LEFT} {wanted:.1f}H{_WIDTH - _RIGHT}" stroke="#575c67" stroke-dasharray="4 4"/>',
            *lines,
            *(
                _text(
                    _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log(tick) - least) / reach,
                    _HEIGHT - _BOTTOM + 24, f"{tick:,}", _GREY, "middle",
                )
                for tick in kept
            ),
            _text(_LEFT, _HEIGHT - 12, _AXIS, _GREY),
            "</svg>\n",
        ]
    )  # fmt: skip


def _level(share: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - share)


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


def _conclusion(found: Sequence[Plan], asked: Question) -> str:
    first = found[0]
    if not first.reaches:
        return (
            f"No plan here reaches a power of {percents(asked.power)} at a margin of {100 * asked.margin:g} "
            f"points; the best, {_named(first)}, has {percents(first.power)}. Add data sets, or take a "
            "larger margin."
        )
    cost = [count(first.requests, "request")]
    cost += [f"{first.tokens:,} tokens"] if first.tokens is not None else []
    cost += [f"{_hours(first)} hours one at a time"] if first.seconds is not None else []
    lost = f"really loses {100 * asked.loss:g} points" if asked.loss else "really loses nothing"
    return (
        f"Cheapest: {_named(first)}, {', '.join(cost)}. A candidate that {lost} is met there with a chance "
        f"of {percents(first.power)}, at a margin of {100 * asked.margin:g} points."
    )


def _named(plan: Plan) -> str:
    return f"{' + '.join(plan.datasets)} with {count(plan.samples, 'sample')} of each problem"


def _assumptions(found: Sequence[Plan]) -> str:
    drawn = (
        f"Each power is that of {CAMPAIGNS} drawn campaigns, right to 5 points in 19 cases of 20. Half of "
        "the loss is taken to fall on whole problems, half on all alike; problems pass as often as the "
        "baseline's own samples say."
    )
    assumed = (
        "Where the baseline has fewer than two samples of a problem, or a published score alone, nothing "
        "tells how far answers vary: rates of passes are then assumed to be Beta-distributed with a "
        f"concentration of {CONCENTRATION:g}, so that most problems are nearly always or hardly ever passed."
    )
    told = [drawn, *([assumed] if any(plan.assumed for plan in found) else [])]
    return "\n".join(f"- {line}" for line in told)


def _table(found: Sequence[Plan], table: Table) -> str:
    rows = [
        (
            " + ".join(plan.datasets),
            f"{plan.num_problems:,}",
            str(plan.samples),
            percents(plan.power),
            f"{plan.requests:,}",
            DASH if plan.tokens is None else f"{plan.tokens:,}",
            DASH if plan.seconds is None else _hours(plan),
        )
        for plan in found
    ]
    return table(HEADER, [tuple(cell.replace(DASH, HYPHEN) for cell in row) for row in rows])


def _hours(plan: Plan) -> str:
    hours = (plan.seconds or 0.0) / 3600
    return f"{hours:.2f}" if hours < 10 else f"{hours:,.0f}"
