"""A distance for a terminal and for scripts."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Any

from evalsite.distance.schema import WAYS
from evalsite.report.documents import as_document
from evalsite.stats.distance import Figure, Figures, Found, Pair
from evalsite.stats.intervals import Interval
from evalsite.words.cells import HYPHEN
from evalsite.words.limits import outward
from evalsite.words.sentences import count, percent
from evalsite.words.text import one_line, shorten, visible

SHOWN = 5
BEFORE, BEHIND = 60, 30
"""Characters of the text that are shown around a place."""


def as_text(found: Found) -> str:
    """The figures with their intervals, those of the repeat beside them, and the worst places."""
    base, candidate = found.names
    over = "its own answers" if found.record.over == "answers" else "reference solutions"
    asked = [
        f"  {who}: {WAYS[side.way]}, {count(side.named, 'token')} named at each"
        for who, side in ((base, found.record.base), (candidate, found.record.candidate))
    ]
    positions = f"{count(len(found.pairs), 'position')} of {count(len(found.pairs.problems), 'problem')}"
    lines = [
        f"{candidate} against {base}: {found.record.dataset.name}, {over}, {positions}",
        *asked,
        "",
        *_table(found.figures, found.noise),
        "",
        *_kinds(found),
        "",
        f"farthest apart ({min(SHOWN, len(found.worst))} of {len(found.worst)} shown):",
        *(line for pair in found.worst[:SHOWN] for line in _place(found, pair)),
        "",
        *sentences(found),
    ]
    return "\n".join(lines)


def sentences(found: Found) -> Iterator[str]:
    """What has to be known of the figures."""
    base, candidate = found.names
    if found.looks_the_same:
        yield (
            f"{base} and {candidate}: these look like the same weights, no farther apart than {base} is from "
            "itself."
        )
    figures = found.figures
    yield (
        f"The divergence is a lower bound: {percent(figures.rest)} of the baseline's probability lies in the "
        "bin of tokens that not both name."
    )
    if figures.unnamed:
        yield (
            f"At {percent(figures.unnamed)} of the positions one model does not name the text's token, which "
            "counts with the most that it can have."
        )
    if found.noise is None:
        yield "The baseline was not asked a second time, so that nothing tells what is noise."
    if found.lacking:
        yield f"{count(found.lacking, 'position')} could not be had from both, or no token begins there."


def as_json(found: Found) -> str:
    """All figures as JSON."""
    return as_document(to_plain(found))


def to_plain(found: Found) -> dict[str, Any]:
    """The same as plain values, for documents that hold more."""
    record = found.record
    return {
        "id": record.id,
        "status": record.status,
        "base": found.names[0],
        "candidate": found.names[1],
        "dataset": record.dataset.name,
        "over": record.over,
        "ways": {who: {"way": side.way, "api": side.api, "tokens": side.most}
                 for who, side in (("base", record.base), ("candidate", record.candidate))},
        "figures": _plain(found.figures),
        "noise": found.noise and _plain(found.noise),
        "looks_the_same": found.looks_the_same,
        "problems": found.kl_of,
        "worst": [_plain_pair(pair) for pair in found.worst],
    }  # fmt: skip


ROWS: tuple[tuple[str, str, str], ...] = (
    ("same_top", "same top token", "%"),
    ("kl", "KL, mean", "nats"),
    ("rms", "RMS change of p(token)", "%"),
    ("change", "mean change of p(token)", "%"),
    ("base_perplexity", "perplexity, baseline", ""),
    ("candidate_perplexity", "perplexity, candidate", ""),
    ("perplexity_ratio", "perplexity, ratio", ""),
)
"""Field of the figures, what it is called, and its unit."""
_DOWN, _UP = Context(prec=3, rounding=ROUND_FLOOR), Context(prec=3, rounding=ROUND_CEILING)


def named_figures(figures: Figures) -> Iterator[tuple[str, str, Figure]]:
    """Every figure in the order that it is shown: what it is called, its unit, and itself."""
    for field, name, unit in ROWS:
        yield name, unit, getattr(figures, field)
        if field == "kl":
            yield from ((f"KL, {at:g}th percentile", unit, each) for at, each in figures.percentiles)


def _table(figures: Figures, noise: Figures | None) -> Iterator[str]:
    yield f"{'':26}{'':>12}  {'95 % interval':24}{'baseline twice':>16}"
    beside = [each for _, _, each in named_figures(noise)] if noise else []
    for row, (name, unit, figure) in enumerate(named_figures(figures)):
        floor = shown(beside[row].value, unit) if beside else "-"
        yield f"{name:26}{shown(figure.value, unit):>12}  {limits(figure.interval, unit):24}{floor:>16}"


def shown(value: float, unit: str, minus: str = HYPHEN) -> str:
    """A figure with its unit: ``87.9 %``, ``0.0431 nats``, ``1.84``; nothing has a sign that rounds to 0."""
    size = abs(value)
    text = f"{100 * size:.1f}" if unit == "%" else f"{size:.3g}" if size < 1e5 else f"{size:.2e}"
    return f"{minus if value < 0 < float(text) else ''}{text} {unit}".strip()


def limits(interval: Interval | None, unit: str, minus: str = HYPHEN) -> str:
    """An interval in the same unit, rounded outward; a dash where there is none."""
    if interval is None:
        return "-"
    if unit == "%":
        rounded = outward(100 * interval.low, 100 * interval.high)
        low, high = rounded.low / 100, rounded.high / 100
    else:
        low, high = float(_DOWN.create_decimal(interval.low)), float(_UP.create_decimal(interval.high))
    ends = [shown(each, unit, minus).removesuffix(unit).strip() for each in (low, high)]
    return f"{' to '.join(ends)} {unit}".strip()


def _kinds(found: Found) -> Iterator[str]:
    yield f"{'by kind of token':26}{'positions':>12}  {'same top token':24}{'KL, mean':>16}"
    for each in found.figures.kinds:
        top = f"{shown(each.same_top.value, '%')} ({limits(each.same_top.interval, '%')})"
        yield f"{each.kind:26}{each.num_positions:>12,}  {top:24}{shown(each.kl.value, 'nats'):>16}"


def _place(found: Found, pair: Pair) -> Iterator[str]:
    before, behind = around(found, pair)
    yield f"  {one_line(pair.problem)}, character {pair.at}: {shown(pair.kl, 'nats')}, {pair.kind}"
    yield f"    {visible(before[-BEFORE:])!r} | {visible(behind[:BEHIND])!r}"
    for name, top in zip(found.names, (pair.base_top, pair.candidate_top), strict=True):
        told = ", ".join(f"{visible(token)!r} {percent(p)}" for token, p in top)
        yield f"    {shorten(one_line(name), 24)}: {told}"


def around(found: Found, pair: Pair) -> tuple[str, str]:
    """The text before a place, and from it on."""
    text = next(each.text for each in found.texts if each.problem == pair.problem)
    return text[: pair.at], text[pair.at :]


def _plain(figures: Figures) -> dict[str, Any]:
    return {
        "positions": figures.num_positions,
        "problems": figures.num_problems,
        **{field: _plain_figure(getattr(figures, field)) for field, _, _ in ROWS},
        "kl_percentiles": {f"{at:g}": _plain_figure(each) for at, each in figures.percentiles},
        "rest": figures.rest,
        "unnamed": figures.unnamed,
        "kinds": {
            each.kind: {
                "positions": each.num_positions,
                "same_top": _plain_figure(each.same_top),
                "kl": _plain_figure(each.kl),
            }
            for each in figures.kinds
        },
    }


def _plain_figure(figure: Figure) -> dict[str, Any]:
    interval = figure.interval
    return {
        "value": figure.value,
        "low": interval and interval.low,
        "high": interval and interval.high,
        "method": interval and interval.method,
    }


def _plain_pair(pair: Pair) -> dict[str, Any]:
    return {
        "problem": pair.problem,
        "at": pair.at,
        "kind": pair.kind,
        "kl": pair.kl,
        "token": pair.token,
        "base": [list(each) for each in pair.base_top],
        "candidate": [list(each) for each in pair.candidate_top],
    }
