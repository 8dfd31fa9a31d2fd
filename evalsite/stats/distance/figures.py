"""The figures of a distance, each with an interval that takes problems as the unit.

Places of one problem resemble each other, so variances are those between problems (Miller 2024, arXiv
2411.00640), of the linearized ratio of sums: problems give different numbers of places. Student's t, with
the problems less one as degrees of freedom. What cannot be negative (a mean divergence, a root mean square)
has its interval on the scale of logarithms (delta method; Lehmann & Casella 1998, 1.8), what is a share
that of every other share (:func:`evalsite.stats.intervals.estimate_share`). Percentiles are those of all
places; their intervals are the bootstrap's over problems, and at the 99.9th of few thousand places hardly
more than the largest few.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evalsite.counts.passk import Index, Values
from evalsite.distance.kinds import KINDS, TokenKind
from evalsite.stats.distance.pairs import Pairs
from evalsite.stats.intervals import CONFIDENCE, SEED, Interval, estimate_share
from evalsite.stats.quantiles import student_quantile

PERCENTILES = (50.0, 90.0, 99.0, 99.9)
RESAMPLES = 1000
CLUSTERED, ON_LOGARITHMS = "t over problems", "t over problems, of the logarithm"
BOOTSTRAP = "bootstrap over problems"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval, which is None of a single problem."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What is told of one kind of token."""

    kind: TokenKind
    num_positions: int
    same_top: Figure
    kl: Figure


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one pairing. Divergences are in nats."""

    num_positions: int
    num_problems: int
    same_top: Figure
    """Share of places at which both name the same token first."""
    kl: Figure
    """Mean lower bound of KL(baseline || candidate)."""
    percentiles: tuple[tuple[float, Figure], ...]
    """Of the same: percentile -> figure."""
    rest: float
    """Mean of the baseline's probability outside of the tokens that both name."""
    change: Figure
    """Mean change of the probability of the text's token."""
    rms: Figure
    """Root mean square of that change."""
    base_perplexity: Figure
    candidate_perplexity: Figure
    perplexity_ratio: Figure
    """The candidate's over the baseline's."""
    unnamed: float
    """Share of places whose token one side does not name, and which count with the most it can have."""
    kinds: tuple[KindFigures, ...]
    """By kind of token; kinds that do not occur are left out."""


def figures(pairs: Pairs, confidence: float = CONFIDENCE) -> Figures:
    """Return all figures; ValueError where there is no place."""
    if not pairs:
        raise ValueError("figures of a distance take at least one place")
    return Figures(
        num_positions=len(pairs),
        num_problems=len(pairs.problems),
        same_top=share(pairs, confidence),
        kl=mean(pairs, pairs.kl, confidence, positive=True),
        percentiles=_percentiles(pairs, confidence),
        rest=float(pairs.rest.mean()),
        change=mean(pairs, pairs.change, confidence),
        rms=_mapped(mean(pairs, pairs.change**2, confidence, positive=True), math.sqrt),
        base_perplexity=_mapped(mean(pairs, pairs.base_nll, confidence), math.exp),
        candidate_perplexity=_mapped(mean(pairs, pairs.candidate_nll, confidence), math.exp),
        perplexity_ratio=_mapped(mean(pairs, pairs.candidate_nll - pairs.base_nll, confidence), math.exp),
        unnamed=sum(not pair.exact for pair in pairs.all) / len(pairs),
        kinds=tuple(_of_kind(kind, part, confidence) for kind in KINDS if (part := pairs.of_kind(kind))),
    )


def share(pairs: Pairs, confidence: float = CONFIDENCE) -> Figure:
    """The share of places at which both name the same token first."""
    counts = np.bincount(pairs.clusters, pairs.same_top).round().astype(np.int64)
    found = estimate_share(counts, np.bincount(pairs.clusters), confidence=confidence)
    return Figure(found.value, found.interval if len(pairs.problems) > 1 else None)


def mean(pairs: Pairs, values: Values, confidence: float = CONFIDENCE, *, positive: bool = False) -> Figure:
    """The mean of a value per place, shape (n_pairs,), all places alike; ``positive``: it cannot be
    negative.
    """
    value, size = float(values.mean()), len(pairs.problems)
    if size < 2:
        return Figure(value, None)
    n = np.bincount(pairs.clusters)
    pulls = (np.bincount(pairs.clusters, values) - value * n) * size / len(pairs)
    error = math.sqrt(float(np.sum(pulls**2)) / (size - 1) / size)
    reach = student_quantile(0.5 + confidence / 2, size - 1) * error
    if not positive:
        return Figure(value, Interval(value - reach, value + reach, confidence, CLUSTERED))
    if value <= 0:
        return Figure(0.0, Interval(0.0, 0.0, confidence, ON_LOGARITHMS))
    factor = math.exp(min(reach / value, 700.0))
    return Figure(value, Interval(value / factor, value * factor, confidence, ON_LOGARITHMS))


def _mapped(figure: Figure, way: Callable[[float], float]) -> Figure:
    """A figure on another scale that keeps the order."""
    inner = figure.interval
    outer = inner and Interval(
        _safely(way, inner.low), _safely(way, inner.high), inner.confidence, inner.method
    )
    return Figure(way(figure.value), outer)


def _safely(way: Callable[[float], float], value: float) -> float:
    try:
        return way(value)
    except OverflowError:
        return 1e300


def _of_kind(kind: TokenKind, part: Pairs, confidence: float) -> KindFigures:
    return KindFigures(
        kind, len(part), share(part, confidence), mean(part, part.kl, confidence, positive=True)
    )


def _percentiles(pairs: Pairs, confidence: float) -> tuple[tuple[float, Figure], ...]:
    order = np.argsort(pairs.kl, kind="stable")
    values, clusters, size = pairs.kl[order], pairs.clusters[order], len(pairs.problems)
    shares = np.array(PERCENTILES) / 100
    seen = values[_places(np.ones(len(values)), shares)]
    if size < 2:
        return tuple((at, Figure(float(value), None)) for at, value in zip(PERCENTILES, seen, strict=True))
    generator = np.random.default_rng(SEED)
    drawn = np.empty((RESAMPLES, len(PERCENTILES)))
    for row in range(RESAMPLES):
        weights = np.bincount(generator.integers(0, size, size), minlength=size)[clusters].astype(float)
        drawn[row] = values[_places(weights, shares)]
    low, high = np.quantile(drawn, (0.5 - confidence / 2, 0.5 + confidence / 2), axis=0)
    return tuple(
        (at, Figure(float(value), Interval(float(down), float(up), confidence, BOOTSTRAP)))
        for at, value, down, up in zip(PERCENTILES, seen, low, high, strict=True)
    )


def _places(weights: Values, shares: Values) -> Index:
    """Where each share of the weight is reached: the inverse of the distribution function."""
    reached = np.cumsum(weights)
    places: Index = np.searchsorted(reached, shares * reached[-1], side="left")
    return np.minimum(places, len(weights) - 1)
