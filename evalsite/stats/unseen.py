"""A limit for a mean over problems that allows for problems of a kind not seen yet.

Ten problems of which none was lost say little about a loss of one problem in ten: a third of all such tens
hold none. The spread between the problems seen cannot know this, so a limit that is made of it alone comes
too near. The limit here is Gaffke's (2005; Learned-Miller & Thomas 2019, arXiv 1905.06208): one more problem
of the worst kind joins the data, all get random weights that add up to one, every such set of weights being
as likely as any other, and the limit is a quantile of the weighted mean. For problems that are plainly won
or lost it is the exact limit of Clopper & Pearson (1934); where nothing changed at all it is the exact form
of the rule of three. That it holds for every distribution of bounded values is conjectured, and was never
found violated.

Random weights are independent exponential variables divided by their sum, so that the chance that a weighted
mean lies below ``at`` is the chance that ``sum(E_i * (values_i - at))`` is negative. That is inverted from
its Laplace transform, ``prod(1 / (1 - s * (values_i - at)))``, along a line through its saddlepoint
(Rice 1980), where it decays quickest.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Values

Complex = npt.NDArray[np.complex128]

NODES = 120
REACH = 9.6
"""Points of the integral, and how far they reach: to ``sinh(REACH)`` standard deviations of the integrand."""
PARTS = ((100, 3), (20, 2), (0, 1))
"""From so many values on, in how many parts the points are computed: the integrand of many is nothing behind
the first of them.
"""
FADED = 16 * math.log(10)
"""By how much the integrand's logarithm has to have fallen for what is left of it to be nothing."""
RISEN = 1e-6
"""By how much it may rise again on the way: more is a hill, for which the points lie too far apart."""
TOGETHER = 16
"""Factors that are multiplied before a logarithm is taken; not so many that the product overflows."""
ALIKE = 6
"""Values for each that differs, from which on a logarithm is taken of each that differs instead."""
HAIR = 1e-9
"""Of the distance to the nearest pole: the saddlepoint may be that far off, which costs no precision."""
CLEAR = 0.3
"""How far from the pole at 0 the integral keeps, in standard deviations of the integrand."""
PRECISION = 1e-12
"""Of a limit, for values of the order of one."""
NOTHING = 1e-14
"""A pull this small is none but for rounding."""
MOST_STEPS = 60
"""Of Newton's method; it takes about six."""
_GRID = (np.arange(NODES) + 0.5) * (REACH / NODES)
_SINH, _COSH = np.sinh(_GRID), np.cosh(_GRID)
_LOG_COSH = np.log(_COSH)


def without_luck(values: Values, luck: float) -> Values:
    """Return one value per problem, drawn together until they vary as the problems themselves do.

    ``luck``: what of their variance, averaged over problems, is luck in the answers; the rest is the
    problems' own (law of total variance). The mean stays. Shape (n_problems,), as that of ``values``.
    """
    if values.size < 2 or luck <= 0.0:
        return values
    mean, total = float(values.mean()), float(values.var(ddof=1))
    if total <= luck:  # all of it is luck
        return np.full(values.size, mean)
    drawn: Values = mean + math.sqrt((total - luck) / total) * (values - mean)
    return drawn


def chance_below(values: Values, end: float, at: float) -> float:
    """Chance that the weighted mean of all values, and of one more at ``end``, lies below ``at``.

    It is the p-value of "the true mean is at most ``at``", where no value can lie below ``end``. Values of
    shape (n_problems,), at least one; right to ten digits, however small.
    """
    ordered, counts = _ordered(values, end)
    return _chance(ordered - at, counts)


def lowest(limit: float, values: Values, end: float, tail: float) -> float:
    """Return the lower limit that allows for unseen problems, or the given one where that is lower.

    The given limit stays where :func:`chance_below` is at most ``tail`` there. Else Newton's method on the
    logarithm of the chance finds where it is: that is concave, the weights being uniform on a simplex
    (Prekopa 1971), so that after the first step all others approach from below.
    """
    ordered, counts = _ordered(values, end)
    return limit if limit <= end else _lowest(limit, ordered.tobytes(), counts.tobytes(), end, tail)


@lru_cache(maxsize=1024)  # pages, cards and verdicts of a run ask for the same limits
def _lowest(limit: float, of_values: bytes, of_counts: bytes, end: float, tail: float) -> float:
    """The same, of what :func:`_ordered` gives."""
    ordered, counts = np.frombuffer(of_values), np.frombuffer(of_counts)
    chance, density = _chance_and_density(ordered - limit, counts)
    if chance <= tail:
        return limit
    low, high, at, before = end, limit, limit, 0.0
    for _ in range(MOST_STEPS):
        low, high = (at, high) if chance <= tail else (low, at)
        step = math.log(chance / tail) * chance / density if chance > 0.0 < density else math.inf
        if abs(step) <= PRECISION:
            break
        inside = low < at - step < high
        at = at - step if inside else (low + high) / 2
        if inside and abs(step) ** 3 <= PRECISION / 10 * before**2:
            break  # steps shrink as squares do, and the next would be none
        before = abs(step) if inside else 0.0
        chance, density = _chance_and_density(ordered - at, counts)
    return at


def highest(limit: float, values: Values, end: float, tail: float) -> float:
    """Return the upper limit that allows for unseen problems at ``end``, or the given one if it is higher."""
    return -lowest(-limit, -values, -end, tail)


def _ordered(values: Values, end: float) -> tuple[Values, Values]:
    """All values and one at ``end`` in ascending order, and how often each is there; both of one shape.

    Alike ones stand together where there are many: shares of a few samples are of a few sizes.
    """
    every = np.sort(np.append(values, end))
    first = np.append(0, np.flatnonzero(every[1:] != every[:-1]) + 1)
    if every.size < ALIKE * first.size:
        return every, np.ones(every.size)
    return every[first], np.diff(first, append=every.size).astype(np.float64)


def _chance(pulls: Values, counts: Values) -> float:
    """Chance that ``sum(E_i * pulls_i)`` is negative; ``pulls`` in ascending order, ``counts`` of each."""
    if pulls[0] >= -NOTHING or pulls[-1] <= NOTHING:
        return float(pulls[0] < -NOTHING)
    if math.fsum(counts * pulls) < 0.0:  # the other side is the smaller one, and keeps its digits
        return 1 - _chance(-pulls[::-1], counts[::-1])
    return max(
        sum(float((transform / -way).imag.sum()) for way, _, transform in _descent(pulls, counts)), 0.0
    )


def _chance_and_density(pulls: Values, counts: Values) -> tuple[float, float]:
    """The same, and the density at zero of the weighted mean of ``pulls``."""
    if pulls[0] >= -NOTHING or pulls[-1] <= NOTHING:
        return _chance(pulls, counts), 0.0
    if math.fsum(counts * pulls) < 0.0:
        above, density = _chance_and_density(-pulls[::-1], counts[::-1])
        return 1 - above, density
    chance = density = 0.0
    for way, factors, transform in _descent(pulls, counts):
        chance += float((transform / -way).imag.sum())
        density += float((transform * (counts[:, np.newaxis] / factors).sum(axis=0)).imag.sum())
    return max(chance, 0.0), max(density, 0.0)


def _descent(pulls: Values, counts: Values) -> list[tuple[Complex, Complex, Complex]]:
    """Points of the line of integration, the factors of the transform's inverse there, and the transform;
    part by part, from the saddlepoint to where nothing is left.

    For pulls in ascending order whose sum is not negative. Shapes (nodes,), (n_pulls, nodes), (nodes,); the
    transform already has the length of its step. The line bends from the saddlepoint as the path of steepest
    descent does, up to 45 degrees: all poles are real, so every way through the upper half-plane is right.
    Where that leads up again, as it does between poles of many pulls and those of a few others, it is
    straight: along such a line every factor only grows.
    """
    line = _saddlepoint(pulls, counts)
    shares = pulls / (1 - line * pulls)
    second, third = float(np.sum(counts * shares**2)), 2 * float(np.sum(counts * shares**3))
    width, bend = 1 / math.sqrt(second), third / (3 * second)
    line = min(line, max(-CLEAR * width, line / 2 + 0.5 / float(pulls[0])))
    return _along(line, width, bend, pulls, counts) or _along(line, width, 0.0, pulls, counts)


def _along(
    line: float, width: float, bend: float, pulls: Values, counts: Values
) -> list[tuple[Complex, Complex, Complex]]:
    """The parts of such a line; none where the integrand rises on the way."""
    parts: list[tuple[Complex, Complex, Complex]] = []
    end, lowest_yet, size = math.inf, -math.inf, counts.sum()
    together = NODES // next(number for least, number in PARTS if size >= least)
    for begin in range(0, NODES, together):
        now = slice(begin, begin + together)
        up = width * _SINH[now]
        root = np.sqrt(1 + (bend * up) ** 2)
        way = line + 1j * up + bend * up**2 / (1 + root)
        factors = 1 - pulls[:, np.newaxis] * way
        logarithm = _logarithm(factors, counts)
        fallen = logarithm.real
        end = min(end, float(fallen[0]) + FADED)
        before = np.maximum(np.maximum.accumulate(fallen), lowest_yet)
        if bend and not (before - fallen).max() <= RISEN:
            return []
        lowest_yet = float(before[-1])
        steps = _COSH[now] * (1j + bend * up / root) * (width * REACH / NODES / math.pi)
        parts.append((way, factors, np.exp(-logarithm) * steps))
        if fallen[-1] - _LOG_COSH[now.stop - 1] >= end:
            break
    return parts


def _logarithm(factors: Complex, counts: Values) -> Complex:
    """Of the product of all factors, each taken so many times, but for whole turns; shape (nodes,)."""
    if counts.max() > 1:
        return (counts[:, np.newaxis] * np.log(factors)).sum(axis=0)  # type: ignore[no-any-return]
    # A logarithm of a few factors' product is as good as that of each, and much quicker.
    products = np.multiply.reduceat(factors, np.arange(0, len(factors), TOGETHER), axis=0)
    return np.log(products).sum(axis=0)  # type: ignore[no-any-return]


def _saddlepoint(pulls: Values, counts: Values) -> float:
    """Where the transform is least between its nearest pole below 0, and 0; at most 0.

    There the slope of its logarithm is 0. Newton's method takes that slope times the distance to the pole,
    which is nearly straight.
    """
    pole, nearest = 1 / float(pulls[0]), float(pulls[0])
    low, high, at = pole, 0.0, 0.0
    for _ in range(MOST_STEPS):
        shares = pulls / (1 - at * pulls)
        slope = float(np.add.reduce(counts * shares))  # np.sum takes as long to get there
        rising, room = float(np.add.reduce(counts * shares**2)), 1 - at * nearest
        low, high = (low, at) if slope > 0.0 else (at, high)
        steep = rising * room - slope * nearest
        following = at - slope * room / steep if steep > 0.0 else pole
        if abs(following - at) <= -HAIR * pole:
            break
        at = following if low < following < high else (low + high) / 2
    return at
