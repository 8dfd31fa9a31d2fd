"""The difference between two runs on the same problems: its size and its interval.

Pairing takes the problems' own difficulty out of the comparison: the average of the problems' differences
varies far less than the difference of two averages (Miller 2024, arXiv 2411.00640).
"""

import numpy as np
import numpy.typing as npt

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
    low, high = (float(limit) for limit in wald_limits(differences, least=least, confidence=confidence))
    # Both tails together: a limit may be missed twice as often by what was not seen as by chance alone.
    steady, tail = without_luck(differences, luck), 1 - confidence
    low, high = lowest(low, steady, -1.0, tail), highest(high, steady, 1.0, tail)
    return Interval(low, high, confidence, BONETT_PRICE if _is_plain(differences, least) else CLUSTER)


def wald_limits(
    differences: Values, *, least: float = 1.0, confidence: float = CONFIDENCE
) -> tuple[Values, Values]:
    """Bonett and Price's limits, before they leave room for unseen problems; arguments as above.

    ``differences`` may also be many comparisons at once, (..., n_problems), which gives limits of shape
    (...,).
    """
    mean, error, _ = _adjusted(differences, least)
    student = student_quantile(0.5 + confidence / 2, max(differences.shape[-1] - 1, 1))
    normal = normal_quantile(0.5 + confidence / 2)
    reach = np.where(_is_plain(differences, least), normal, student) * error
    # Shrinking towards zero may leave the observed mean outside where a handful of problems all agree.
    observed = differences.mean(axis=-1)
    low: Values = np.minimum(np.maximum(mean - reach, -1.0), observed)
    high: Values = np.maximum(np.minimum(mean + reach, 1.0), observed)
    return low, high


def interval_p_value(differences: Values, *, luck: float = 0.0, least: float = 1.0) -> float:
    """Two-sided p-value of "no difference" that belongs to :func:`paired_interval`; same arguments.

    One minus the confidence at which the interval begins to hold zero.
    """
    if differences.sum() < 0.0:
        differences = -differences
    return min(1.0, 2 * p_value_at_most(differences, 0.0, luck=luck, least=least))


def p_value_at_most(differences: Values, at: float, *, luck: float = 0.0, least: float = 1.0) -> float:
    """One-sided p-value of "the true mean is at most ``at``" that belongs to :func:`paired_interval`.

    Half of one minus the confidence at which the lower limit begins to lie below ``at``, and a half or more
    where what was seen does: below (1 - C) / 2 exactly where the interval at confidence C lies above.
    """
    mean, error, _ = (float(part) for part in _adjusted(differences, least))
    plain, freedom = _is_plain(differences, least), max(differences.size - 1, 1)
    seen = normal_tail((mean - at) / error) if plain else student_tail((mean - at) / error, freedom)
    unseen = chance_below(without_luck(differences, luck), -1.0, at) / 2
    return max(seen, unseen, 0.5 if differences.mean() <= at else 0.0)


def _is_plain(differences: Values, least: float) -> npt.NDArray[np.bool_]:
    """Whether every problem was plainly broken, fixed or neither; shape (...,)."""
    steps = np.all(np.isin(differences, (-1.0, 0.0, 1.0)), axis=-1)
    plain: npt.NDArray[np.bool_] = steps & (np.max(np.abs(differences), axis=-1, initial=least) == 1.0)
    return plain


def _adjusted(differences: Values, least: float) -> tuple[Values, Values, Values]:
    """Mean and standard error with the two further problems, and the square of their differences."""
    weight = np.maximum(np.max(differences**2, axis=-1), least)
    size = differences.shape[-1] + 2
    mean = differences.sum(axis=-1) / size
    square = (np.sum(differences**2, axis=-1) + 2 * weight) / size
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0) / size), weight
