"""The difference between two runs on the same problems: its size, its interval, and what blurs it.

Pairing takes the problems' own difficulty out of the comparison: the average of the problems' differences
varies far less than the difference of two averages (Miller 2024, arXiv 2411.00640).
"""

import math
from dataclasses import dataclass

import numpy as np

from evalsite.counts.passk import Counts, Values
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile, student_tail
from evalsite.stats.unseen import chance_below, highest, lowest, without_luck

POWER = 0.8
"""Chance with which a difference of the stated size would have been found."""

SMALLEST_GAP = 1e-6
"""A figure this near its margin lies on it: the counts of a data set are far coarser."""

BONETT_PRICE = "paired, Bonett-Price"
CLUSTER = "paired, cluster-robust Bonett-Price"


@dataclass(frozen=True, slots=True)
class Noise:
    """What the variance of one problem's difference is made of (law of total variance).

    After Wang (2025, arXiv 2512.21326), in squared units of pass@1 ([0, 1]). ``data`` is the variance of the
    true differences between problems, and shrinks only with more problems; ``base`` and ``candidate`` are
    each run's variance of a single answer around its problem's true rate, averaged over problems, and
    shrink with the samples of each problem. All of them are None with fewer than two samples of some
    problem, which cannot tell them apart.
    """

    total: float
    """Of the observed differences, between problems: data + base / n_base + candidate / n_candidate."""
    data: float | None
    base: float | None
    candidate: float | None
    prediction: float | None
    """The part of ``total`` that is chance in the answers."""

    @property
    def prediction_share(self) -> float | None:
        """Share of the variance that more samples would reduce, in [0, 1]; None where it is unknown."""
        if self.prediction is None or self.total == 0.0:
            return None
        return min(1.0, self.prediction / self.total)


@dataclass(frozen=True, slots=True)
class Needed:
    """What it would take to settle on which side of a margin the truth lies, if it is where it seems.

    ``samples`` of each problem and run, on the problems at hand; None where no number of samples would do,
    or too little is known. ``problems`` of this kind at the samples of now. Both None where the observed
    difference lies on the margin itself.
    """

    samples: int | None
    problems: int | None


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


def noise(base: tuple[Counts, Counts], candidate: tuple[Counts, Counts]) -> Noise:
    """Break the variance of the paired pass@1 differences down; each run as ``(n, c)``, (n_problems,).

    Within a problem the unbiased variance of one answer is ``c (n - c) / (n (n - 1))``; divided by n it is
    that of the problem's mean. What the observed variance between problems has beyond the average of these
    is the data's own. It can come out below zero by chance, and is then given as zero.
    """
    (base_n, base_c), (cand_n, cand_c) = base, candidate
    differences = cand_c / cand_n - base_c / base_n
    total = float(differences.var(ddof=1)) if differences.size > 1 else 0.0
    if min(base_n.min(), cand_n.min()) < 2:
        return Noise(total, None, None, None, None)
    answers = [c * (n - c) / (n * (n - 1)) for n, c in (base, candidate)]
    prediction = float(np.mean(answers[0] / base_n + answers[1] / cand_n))
    return Noise(
        total=total,
        data=max(0.0, total - prediction),
        base=float(answers[0].mean()),
        candidate=float(answers[1].mean()),
        prediction=prediction,
    )


def single_noise(n: Counts, c: Counts) -> Noise:
    """Break the variance of one run's pass@1 down between problems, as :func:`noise` does for two runs.

    ``n`` and ``c`` of shape (n_problems,); ``candidate`` is zero, there being none.
    """
    total = float((c / n).var(ddof=1)) if n.size > 1 else 0.0
    if n.min() < 2:
        return Noise(total, None, None, None, None)
    answers = c * (n - c) / (n * (n - 1))
    prediction = float(np.mean(answers / n))
    return Noise(total, max(0.0, total - prediction), float(answers.mean()), 0.0, prediction)


def detectable(
    differences: Values, *, least: float = 1.0, confidence: float = CONFIDENCE, power: float = POWER
) -> float:
    """Smallest true difference that data like these show with chance ``power`` (Miller 2024, section 5).

    The standard error is the one of :func:`paired_interval`, so that data without any change do not promise
    to show everything. In [0, 1]; differences of shape (n_problems,).
    """
    _, error, _ = _adjusted(differences, least)
    return min(1.0, (normal_quantile(0.5 + confidence / 2) + normal_quantile(power)) * error)


def needed(
    parts: Noise, num_problems: int, gap: float, *, confidence: float = CONFIDENCE, power: float = POWER
) -> Needed:
    """Samples or problems that settle a question whose margin is ``gap`` away from the figure seen.

    Solves Miller's sample-size formula (2024, section 5) for the samples of each problem, and for the
    problems. ``gap`` in [0, 1], of either sign.
    """
    if abs(gap) < SMALLEST_GAP:
        return Needed(None, None)
    factor = (normal_quantile(0.5 + confidence / 2) + normal_quantile(power)) ** 2
    allowed = gap**2 / factor  # the variance of the mean that is small enough
    problems = max(num_problems, math.ceil(parts.total / allowed))
    if parts.data is None or parts.base is None or parts.candidate is None:
        return Needed(None, problems)
    room = num_problems * allowed - parts.data
    if room <= 0.0:
        return Needed(None, problems)
    return Needed(max(1, math.ceil((parts.base + parts.candidate) / room)), problems)


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
