"""How much of the baseline's score is kept: candidate / baseline, as papers on quantization print it.

"At least the share r is kept" says of each problem's ``candidate - r * baseline`` that its mean is not below
zero, which is a question of one difference. So Fieller's interval (1954, Journal of the Royal Statistical
Society B 16) is taken with the procedure of :mod:`evalsite.stats.compare.paired` in place of his t-test: it
holds each r that is not rejected, and a margin of 1 - r times the baseline is decided by the same.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k, pass_at_k
from evalsite.stats.compare.clusters import Layout, changes_by_cluster
from evalsite.stats.compare.paired import Changes, p_value_at_most
from evalsite.stats.intervals import CONFIDENCE, Interval

METHOD = "Fieller's, of the paired procedure"
CLOSE = 1e-7
"""How near a limit comes to where its test turns."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """The candidate's pass@k as a share of the baseline's."""

    value: float
    interval: Interval


def recovery(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    k: int = 1,
    *,
    confidence: float = CONFIDENCE,
    change: Interval | None = None,
    layout: Layout | None = None,
) -> Recovery | None:
    """Return the share of pass@k that is kept; None where the baseline solves nothing.

    Each run as ``(n, c)``, all of shape (n_problems,) with k samples or more. ``change``: the interval of the
    difference, which decides whether all of it may have been kept, so that the two never contradict each
    other. ``layout``: how the problems lie in clusters, and what each counts; None where each is its own. The
    interval ends where the candidate would solve everything.
    """
    before, after = (_mean(pass_at_k(*run, k), layout) for run in (base, candidate))
    if before == 0.0:
        return None

    def at(share: float) -> Changes:
        return beyond(base, candidate, share, k, layout).at(confidence)

    value, most, tail = after / before, 1 / before, (1 - confidence) / 2
    low = _turning(lambda share: p_value_at_most(at(share), 0.0) - tail, value, 0.0)
    high = _turning(lambda share: p_value_at_most(at(share).turned, 0.0) - tail, value, most)
    if change is not None and change.low <= 0.0 <= change.high:
        low, high = min(low, 1.0), max(high, 1.0)
    elif change is not None and low <= 1.0 <= high:
        low, high = (low, math.nextafter(1.0, 0.0)) if value < 1.0 else (math.nextafter(1.0, 2.0), high)
    return Recovery(value, Interval(low, high, float(confidence), METHOD))


def beyond(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    share: float,
    k: int = 1,
    layout: Layout | None = None,
) -> Changes:
    """What the candidate solves beyond a share of the baseline's; arguments as for :func:`recovery`."""
    before, after = pass_at_k(*base, k), pass_at_k(*candidate, k)
    lucks = luck_at_k(*candidate, k) + share**2 * luck_at_k(*base, k)
    if layout is not None:
        fewer = np.maximum(np.minimum(base[0], candidate[0]) / k, 1.0)
        return changes_by_cluster(after - share * before, lucks, fewer, layout, -share)
    fewest, luck = int(min(base[0].min(), candidate[0].min())), float(np.mean(lucks))
    plain = bool(np.all(np.isin(before, (0.0, 1.0)) & np.isin(after, (0.0, 1.0)))) and k == fewest
    found = Changes.of(after - share * before, luck, min(1.0, k / fewest))
    return replace(found, worst=-share, plain=plain)


def _mean(scores: Values, layout: Layout | None) -> float:
    """A run's score, by what each problem counts."""
    return float(scores.mean() if layout is None else layout.problem_weights @ scores)


def _turning(excess: Callable[[float], float], inside: float, end: float) -> float:
    """Where a falling excess begins to be negative between what is inside and the end, by bisection."""
    if excess(end) > 0.0:
        return end
    while abs(end - inside) > CLOSE:
        middle = (inside + end) / 2
        inside, end = (middle, end) if excess(middle) > 0.0 else (inside, middle)
    return inside
