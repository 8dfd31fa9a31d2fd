"""The difference between two runs on the same problems: its size and its interval.

Pairing takes the problems' own difficulty out of the comparison: the average of the problems' differences
varies far less than the difference of two averages (Miller 2024, arXiv 2411.00640).
"""

import math

import numpy as np

from evalsite.counts.passk import Values
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile, student_tail
from evalsite.stats.unseen import chance_below, highest, lowest, without_luck

BONETT_PRICE = "paired, Bonett-Price"
CLUSTER = "paired, cluster-robust Bonett-Price"


def paired_interval(
    differences: Values, *, luck: float = 0.0, least: float = 1.0, confidence: float = CONFIDENCE
) -> Interval:
    """Interval for the mean of paired differences in [-1, 1], shape (n_problems,); at least one.

    Each limit is the further out of two. The first is that of the adjusted Wald interval of Bonett & Price
    (2012): two further problems, one won and one lost, join the data. That keeps a width where nothing
    changed, and covers where few problems did. With several samples of a problem, the two are won and lost by
    as much as the largest change seen (``least`` bounds its square from below: k / n, the weight of one
    draw), and Student's t stands in for the normal quantile; that extension is our own.

    The second leaves room for problems lost or won outright that were not among those seen
    (:mod:`evalsite.stats.unseen`), at twice the tail: at 95 % confidence, so much as one such data set in
    twenty would hide. ``luck`` is what of the differences' variance is luck in the answers, averaged over
    problems; it is taken out first, since the first limit counts it. ``bench/coverage.py`` measures both.
    """
    mean, error, degrees = _adjusted_wald(differences, least)
    tail = 0.5 - confidence / 2
    quantile = normal_quantile(1 - tail) if degrees is None else student_quantile(1 - tail, degrees)
    # Shrinking towards zero may leave the observed mean outside where a handful of problems all agree.
    observed = float(differences.mean())
    low = min(max(mean - quantile * error, -1.0), observed)
    high = max(min(mean + quantile * error, 1.0), observed)
    steady = without_luck(differences, luck)
    low, high = lowest(low, steady, -1.0, 2 * tail), highest(high, steady, 1.0, 2 * tail)
    return Interval(low, high, confidence, BONETT_PRICE if degrees is None else CLUSTER)


def interval_p_value(differences: Values, *, luck: float = 0.0, least: float = 1.0) -> float:
    """Two-sided p-value of "no difference" that belongs to :func:`paired_interval`; same arguments.

    One minus the confidence at which the interval begins to hold zero.
    """
    if differences.sum() < 0.0:
        differences = -differences
    mean, error, degrees = _adjusted_wald(differences, least)
    if mean == 0.0:
        return 1.0
    seen = normal_tail(mean / error) if degrees is None else student_tail(mean / error, degrees)
    return min(1.0, max(2 * seen, chance_below(without_luck(differences, luck), -1.0, 0.0)))


def _adjusted_wald(differences: Values, least: float) -> tuple[float, float, int | None]:
    """Mean, standard error, and the degrees of freedom of Student's t; None for the normal distribution."""
    mean, error, weight = _adjusted(differences, least)
    if weight == 1.0 and np.all(np.isin(differences, (-1.0, 0.0, 1.0))):
        return mean, error, None
    return mean, error, max(differences.size - 1, 1)


def _adjusted(differences: Values, least: float) -> tuple[float, float, float]:
    """Mean and standard error with the two further problems, and the square of their differences."""
    weight = max(float(np.max(differences**2)), least)
    size = differences.size + 2
    mean = float(differences.sum()) / size
    square = (float(np.sum(differences**2)) + 2 * weight) / size
    return mean, math.sqrt(max(square - mean**2, 0.0) / size), weight
