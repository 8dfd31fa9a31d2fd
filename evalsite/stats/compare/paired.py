"""The difference between two runs on the same problems: its size and its interval.

Pairing takes the problems' own difficulty out of the comparison: the average of the problems' differences
varies far less than the difference of two averages (Miller 2024, arXiv 2411.00640).
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Values
from evalsite.stats.intervals import CONFIDENCE, Interval, LookConfidence
from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile, student_tail
from evalsite.stats.unseen import chance_below, highest, lowest, without_luck

BONETT_PRICE = "paired, Bonett-Price"
CLUSTER = "paired, cluster-robust Bonett-Price"

HARDLY = 1e-6
"""A skewness below this moves no limit by as many standard errors; rounding makes such."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two runs: a value for each unit, whose mean is the difference that is asked for.

    Units are drawn independently of each other. Of one data set they are its problems, and a value is a
    problem's difference, in [-1, 1]; of several :mod:`evalsite.stats.compare.pooled` says what they are.
    """

    values: Values
    """Shape (n_units,), at least one."""
    luck: float = 0.0
    """What of the values' variance is luck in the answers, averaged over units."""
    weight: float = 1.0
    """The square of the two units, one won and one lost, that join the data."""
    worst: float = -1.0
    """The least that a unit which was not seen could be, and the most."""
    best: float = 1.0
    freedom: int = 1
    """Degrees of freedom of Student's t."""
    unseen: float = 2.0
    """How many times as often as by chance alone a limit may be missed by what was not seen."""
    plain: bool = False
    """Whether every unit was plainly broken, fixed or neither: then Student's t is the normal one."""
    skew: float = 0.0
    """How far the mean's error leans to one side: a sixth of its skewness; 0 where that is left in."""

    @classmethod
    def of(cls, differences: Values, luck: float = 0.0, least: float = 1.0) -> "Changes":
        """Take problems as units; ``differences`` in [-1, 1].

        With several samples of a problem, the two that join the data are won and lost by as much as the
        largest change seen; ``least`` bounds its square from below: k / n, the weight of one draw.
        """
        weight, plain = _weight_of(differences, least), _is_plain(differences, least)
        return cls(differences, luck, float(weight), freedom=max(differences.size - 1, 1), plain=bool(plain))

    def at(self, confidence: float) -> "Changes":
        """The same for limits of this confidence.

        One look of several (:class:`LookConfidence`) takes luck in the answers for differences between
        problems, and leaves all room for what was not seen.
        """
        return replace(self, luck=0.0, unseen=1.0) if isinstance(confidence, LookConfidence) else self

    def standardized(self, at: float) -> float:
        """How many standard errors the mean lies above ``at``, both with the two units that join the data."""
        mean, error = _adjusted(self.values, self.weight)
        return float((mean - at) / error)

    @property
    def turned(self) -> "Changes":
        """The same with baseline and candidate in each other's place."""
        return replace(self, values=-self.values, worst=-self.best, best=-self.worst, skew=-self.skew)

    @property
    def leaning(self) -> "Changes":
        """The same with its skewness taken into account, as far as its values have it by themselves.

        The two that join them make it smaller where few units lost. Where most did, these two would be nearly
        all of it, and a limit would have to reach past a gain that nobody saw.
        """
        end = math.sqrt(self.weight)
        every = np.append(self.values, (end, -end))
        apart, alone = every - every.mean(), self.values - self.values.mean()
        third, own = float(np.sum(apart**3)), float(np.sum(alone**3))
        least = math.copysign(min(abs(third), abs(own)), own) if third * own > 0.0 else 0.0
        spread = float(np.mean(apart**2))
        skew = least / every.size / spread**1.5 / (6 * math.sqrt(every.size)) if least else 0.0
        return replace(self, skew=skew if abs(skew) >= HARDLY else 0.0)

    def quantile(self, probability: float) -> float:
        """Of the distribution that the mean's error is taken to have, in standard errors.

        Where that leans, Hall's transformation (1992, Journal of the Royal Statistical Society B 54) of the
        studentized mean is what has the distribution of one that does not.
        """
        straight = normal_quantile(probability) if self.plain else student_quantile(probability, self.freedom)
        if self.skew == 0.0:
            return straight
        return (math.cbrt(1 + 6 * self.skew * (straight - self.skew)) - 1) / (2 * self.skew)

    def tail(self, value: float) -> float:
        """Chance that an error exceeds ``value``; the inverse of :meth:`quantile`."""
        value += self.skew * (1 + 2 * value**2) + 4 / 3 * self.skew**2 * value**3
        return normal_tail(value) if self.plain else student_tail(value, self.freedom)


def paired_interval(
    differences: Values, *, luck: float = 0.0, least: float = 1.0, confidence: float = CONFIDENCE
) -> Interval:
    """Interval for the mean of paired differences in [-1, 1], shape (n_problems,); at least one."""
    return interval_of(Changes.of(differences, luck, least), confidence)


def interval_of(changes: Changes, confidence: float = CONFIDENCE) -> Interval:
    """Interval for the mean of what changed.

    Each limit is the further out of two. The first is that of the adjusted Wald interval of Bonett & Price
    (2012): two further problems, one won and one lost, join the data. That keeps a width where nothing
    changed, and covers where few problems did. With several samples of a problem, the two are won and lost by
    as much as the largest change seen, and Student's t stands in for the normal quantile; that extension is
    our own.

    The second leaves room for problems lost or won outright that were not among those seen
    (:mod:`evalsite.stats.unseen`), at twice the tail: at 95 % confidence, so much as one such data set in
    twenty would hide. Luck in the answers is taken out first, since the first limit counts it.
    ``bench/coverage.py`` measures both.
    """
    mean, error = _adjusted(changes.values, changes.weight)
    down, up = (each.quantile(0.5 + confidence / 2) * error for each in (changes, changes.turned))
    low, high = (float(limit) for limit in _around(changes.values, mean, down, up))
    steady, tail = without_luck(changes.values, changes.luck), changes.unseen * (1 - confidence) / 2
    low, high = lowest(low, steady, changes.worst, tail), highest(high, steady, changes.best, tail)
    method = BONETT_PRICE if changes.plain else CLUSTER
    return Interval(max(low, -1.0), min(high, 1.0), float(confidence), method)


def wald_limits(
    differences: Values, *, least: float = 1.0, confidence: float = CONFIDENCE
) -> tuple[Values, Values]:
    """Bonett and Price's limits, before they leave room for unseen problems; arguments as above.

    ``differences`` may also be many comparisons at once, (..., n_problems), which gives limits of shape
    (...,).
    """
    mean, error = _adjusted(differences, _weight_of(differences, least))
    student = student_quantile(0.5 + confidence / 2, max(differences.shape[-1] - 1, 1))
    normal = normal_quantile(0.5 + confidence / 2)
    reach = np.where(_is_plain(differences, least), normal, student) * error
    return _around(differences, mean, reach, reach)


def _around(values: Values, mean: Values, down: Values, up: Values) -> tuple[Values, Values]:
    """Limits that far below and above the mean, inside of the scale."""
    # Shrinking towards zero may leave the observed mean outside where a handful of problems all agree.
    observed = values.mean(axis=-1)
    low: Values = np.minimum(np.maximum(mean - down, -1.0), observed)
    high: Values = np.maximum(np.minimum(mean + up, 1.0), observed)
    return low, high


def interval_p_value(changes: Changes) -> float:
    """Two-sided p-value of "no difference" that belongs to :func:`interval_of`.

    One minus the confidence at which the interval begins to hold zero.
    """
    turned = changes.turned if changes.values.sum() < 0.0 else changes
    return min(1.0, 2 * p_value_at_most(turned, 0.0))


def p_value_at_most(changes: Changes, at: float) -> float:
    """One-sided p-value of "the true mean is at most ``at``" that belongs to :func:`interval_of`.

    Half of one minus the confidence at which the lower limit begins to lie below ``at``, and a half or more
    where what was seen does: below (1 - C) / 2 exactly where the interval at confidence C lies above.
    """
    mean, error = (float(part) for part in _adjusted(changes.values, changes.weight))
    seen = changes.tail((mean - at) / error)
    unseen = chance_below(without_luck(changes.values, changes.luck), changes.worst, at)
    return max(seen, unseen / changes.unseen, 0.5 if changes.values.mean() <= at else 0.0)


def _is_plain(differences: Values, least: float) -> npt.NDArray[np.bool_]:
    """Whether every problem was plainly broken, fixed or neither; shape (...,)."""
    steps = np.all(np.isin(differences, (-1.0, 0.0, 1.0)), axis=-1)
    plain: npt.NDArray[np.bool_] = steps & (np.max(np.abs(differences), axis=-1, initial=least) == 1.0)
    return plain


def _weight_of(differences: Values, least: float) -> Values:
    """The square of the two further problems' differences; shape (...,)."""
    weight: Values = np.maximum(np.max(differences**2, axis=-1), least)
    return weight


def _adjusted(values: Values, weight: Values | float) -> tuple[Values, Values]:
    """Mean and standard error with the two further units, whose square is ``weight``."""
    size = values.shape[-1] + 2
    mean = values.sum(axis=-1) / size
    square = (np.sum(values**2, axis=-1) + 2 * weight) / size
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0) / size)
