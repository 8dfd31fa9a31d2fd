"""Two models apart by their tokens: figures beside the noise, kinds of token, worst places, shaded code."""

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.report.distance import around, limits, named_figures, sentences, shown
from evalsite.site.charts.drawing import LINE, Axis, Drawn, Range, chart, interval, scale, words
from evalsite.site.charts.histogram import Histogram, histogram
from evalsite.site.subjects.runs import DistanceSubject
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.stats.distance import Figure, Found, KindFigures, Pair
from evalsite.words.cells import MINUS
from evalsite.words.sentences import count, percent
from evalsite.words.text import visible

LEAST = 1e-5
"""Nats: what is less stands at the left end of the histogram."""
SHADES = (0.01, 0.1, 0.5, 2.0)
"""Nats from which on a token is shaded, and more."""
MOST_CODE = 60
"""Texts that are shown, those farthest apart first."""
BEFORE, BEHIND = 120, 40
"""Characters that are shown around a place."""
ROW = 26
"""Pixels of a kind of token in the chart."""


@dataclass(frozen=True)
class FigureRow:
    """A figure with its interval, and that of the baseline's repeat."""

    name: str
    value: str
    interval: str
    noise: str


@dataclass(frozen=True)
class WorstRow:
    """One of the places that are farthest apart."""

    task_id: str
    path: str
    """Of the problem's page; empty where there is none."""
    kl: str
    kind: str
    before: str
    behind: str
    base: str
    """The five likeliest tokens, with their probabilities."""
    candidate: str


@dataclass(frozen=True)
class ShadedCode:
    """A text's code, its tokens shaded by how far the models are apart there."""

    task_id: str
    path: str
    kl: str
    code: Markup


@dataclass(frozen=True)
class DistanceView:
    """The context of ``pages/distance.html``."""

    base: str
    candidate: str
    lede: str
    sentences: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    histogram: Histogram | None
    kinds: Drawn
    worst: tuple[WorstRow, ...]
    shaded: tuple[ShadedCode, ...]
    shades: tuple[str, ...]
    """What each shade means, the lightest first."""
    compare_path: str
    """Of the comparison of both models' runs on the same data set; empty where there is none."""
    models_path: str


@dataclass(frozen=True)
class DistanceRow:
    """A distance on the page of the two models' comparison."""

    path: str
    what: str
    """What both were led along."""
    same_top: str
    kl: str
    perplexity_ratio: str
    noise: str
    """Mean KL of the baseline and its repeat."""


def distance_rows(distances: Sequence[tuple[str, Found]]) -> tuple[DistanceRow, ...]:
    """A row for each distance, given with the path of its page."""
    return tuple(
        DistanceRow(
            path=path,
            what=f"{found.record.dataset.name}, {count(len(found.pairs), 'place')}",
            same_top=_with_limits(found.figures.same_top, "%"),
            kl=_with_limits(found.figures.kl, "nats"),
            perplexity_ratio=_with_limits(found.figures.perplexity_ratio, ""),
            noise=shown(found.noise.kl.value, "nats") if found.noise else "–",
        )
        for path, found in distances
    )


def _with_limits(figure: Figure, unit: str) -> str:
    return f"{shown(figure.value, unit, MINUS)} ({limits(figure.interval, unit, MINUS)})"


def distance_page(subject: DistanceSubject) -> Page:
    """Make the page of one distance."""
    found = subject.found
    base, candidate = found.names
    title = f"{candidate} and {base}, token by token"
    top = found.figures.same_top
    frame = Frame(
        path=subject.path,
        title=title,
        description=f"{base} and {candidate} name the same token first at {percent(top.value)} of places.",
        crumbs=(Crumb(title, subject.path),),
        private=True,
    )
    return Page("pages/distance.html", frame, _view(subject))


def _view(subject: DistanceSubject) -> DistanceView:
    found = subject.found
    over = "the baseline's own answers" if found.record.over == "answers" else "reference solutions"
    positions = f"{count(len(found.pairs), 'place')} of {count(len(found.pairs.problems), 'problem')}"
    far = sorted(found.kl_of, key=lambda problem: (-found.kl_of[problem], problem))[:MOST_CODE]
    steps = (0.0, *SHADES)
    return DistanceView(
        base=found.names[0],
        candidate=found.names[1],
        lede=f"Both were led along {over} of {found.record.dataset.name}, and asked at {positions} what "
        "comes next.",
        sentences=(*sentences(found), *subject.told),
        rows=tuple(_figure_rows(found)),
        histogram=histogram(
            "KL at each place",
            [math.log10(max(LEAST, pair.kl)) for pair in found.pairs.all],
            lambda value: f"{10**value:.2g} nats",
        ),
        kinds=_kinds(found),
        worst=tuple(_worst(subject, pair) for pair in found.worst),
        shaded=tuple(_shaded(subject, problem) for problem in far),
        shades=tuple(f"from {step:g} nats" for step in steps[1:]),
        compare_path=subject.compare_path,
        models_path=subject.models_path,
    )


def _figure_rows(found: Found) -> Iterator[FigureRow]:
    beside = [each for _, _, each in named_figures(found.noise)] if found.noise else []
    for row, (name, unit, figure) in enumerate(named_figures(found.figures)):
        noise = shown(beside[row].value, unit, MINUS) if beside else "–"
        signed = shown(figure.value, unit, MINUS), limits(figure.interval, unit, MINUS)
        yield FigureRow(name, *signed, noise)


def _kinds(found: Found) -> Drawn:
    """Draw how often both name the same token first, by kind of token."""
    kinds = found.figures.kinds
    axis = Axis.around([0.0, 100.0], title="same top token, %")
    foot = ROW * len(kinds) + 8
    parts = [scale(axis, foot)]
    for row, each in enumerate(kinds):
        y = ROW * row + 18
        parts += [words(0, y - 6, each.kind, anchor="start"), interval(axis, _range(each), y, "candidate")]
    worst = min(kinds, key=lambda each: each.same_top.value)
    return Drawn(
        id="kinds",
        title="Agreement by kind of token",
        summary=f"Least at {worst.kind}s: {percent(worst.same_top.value)}." if worst.kind != "whitespace"
        else f"Least at whitespace: {percent(worst.same_top.value)}.",
        svg=chart(parts, height=foot + 3 * LINE, said="Share of the same top token by kind of token"),
        head=("Kind of token", "Places", "Same top token", "95 % interval", "KL, mean"),
        rows=tuple(
            (
                each.kind,
                f"{each.num_positions:,}",
                shown(each.same_top.value, "%"),
                limits(each.same_top.interval, "%"),
                shown(each.kl.value, "nats"),
            )
            for each in kinds
        ),
    )  # fmt: skip


def _range(each: KindFigures) -> Range:
    value, inner = 100 * each.same_top.value, each.same_top.interval
    return Range.of_share(each.same_top.value, inner) if inner else Range(value, value, value)


def _worst(subject: DistanceSubject, pair: Pair) -> WorstRow:
    before, behind = around(subject.found, pair)
    return WorstRow(
        task_id=pair.problem,
        path=subject.path_of(pair.problem),
        kl=shown(pair.kl, "nats"),
        kind=pair.kind,
        before=visible(before[-BEFORE:]),
        behind=visible(behind[:BEHIND]),
        base=_top(pair.base_top),
        candidate=_top(pair.candidate_top),
    )


def _top(tokens: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{visible(token)!r} {percent(p)}" for token, p in tokens)


def _shaded(subject: DistanceSubject, problem: str) -> ShadedCode:
    found = subject.found
    text = next(each for each in found.texts if each.problem == problem)
    pairs = {pair.at: pair for pair in found.pairs.all if pair.problem == problem}
    pieces, done = [], text.begins
    for at in text.positions:
        pieces.append(_plain(text.text[done:at]))
        done = at
        if pair := pairs.get(at):
            end = at + max(1, len(pair.token))
            pieces.append(_marked(text.text[at:end], pair))
            done = max(done, end)
    pieces.append(_plain(text.text[done:]))
    return ShadedCode(
        task_id=problem,
        path=subject.path_of(problem),
        kl=shown(found.kl_of[problem], "nats"),
        code=Markup("".join(pieces)),  # noqa: S704 - each piece is escaped
    )


def _plain(text: str) -> str:
    return html.escape(visible(text))


def _marked(text: str, pair: Pair) -> str:
    shade = sum(pair.kl >= least for least in SHADES)
    told = html.escape(f"{shown(pair.kl, 'nats')}, {pair.kind}")
    return f'<mark class="kl{shade}" title="{told}">{_plain(text)}</mark>'
