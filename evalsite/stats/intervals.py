"""Intervals for figures that are averages over problems.

Problems are the sampling unit: the samples of one problem resemble each other, so that 164 problems with 10
samples each are far from 1,640 independent answers. All intervals here are for the average over the wider
population of problems that the data set stands for.

Three methods, named wherever an interval is shown:

``Wilson``
    The score interval of a proportion (Wilson 1927). Right where every problem contributes a plain 0 or 1,
    as with one greedy sample, or pass@10 of ten samples.
``cluster-robust Wilson``
    The same, with the number of problems replaced by the effective sample size that follows from the
    variance between problems (Kott & Carr 1997; Korn & Graubard 1998), and Student's t in place of the
    normal quantile, since that variance is itself estimated. It is the clustered standard error of Miller
    (2024, arXiv 2411.00640), with limits that stay inside [0, 1] and keep their width at the ends.
    Near the ends of the scale the problems seen may all agree, and their spread says nothing about others.
    So each limit also leaves room for problems of the worst kind that were not among those seen
    (:mod:`evalsite.stats.unseen`), as far as one such data set in twenty would hold none of them.
``BCa bootstrap``
    Problems are drawn again with replacement; bias-corrected and accelerated (Efron 1987). Seeded.

``bench/coverage.py`` measures what each covers, which is why ``auto`` takes the first two.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Values, checked_counts, luck_at_k, pass_at_every_k, pass_at_k
from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile
from evalsite.stats.unseen import highest, lowest, without_luck

Method = Literal["auto", "wilson", "cluster", "bca"]

WILSON = "Wilson"
CLUSTER = "cluster-robust Wilson"
BCA = "BCa bootstrap over problems"

CONFIDENCE = 0.95

RESAMPLES = 10_000
SEED = 20210707
"""Fixed, so that the same data give the same interval on every machine and in every build."""


class LookConfidence(float):
    """The confidence of one look of several, which may err less than one alone (:mod:`.sequential`).

    Limits at it are cautious ones: what is promised of all looks together has to hold at each of them.
    """


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, in the unit of the figure that it belongs to."""

    low: float
    high: float
    confidence: float
    """Such as 0.95."""
    method: str
    """In words for the reader, such as ``Wilson``."""

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def scaled(self, factor: float) -> "Interval":
        """The same interval in another unit: 100 for percent. A negative factor swaps the ends."""
        low, high = sorted((self.low * factor + 0.0, self.high * factor + 0.0))  # never -0.0
        return Interval(low, high, self.confidence, self.method)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, both in [0, 1]."""

    value: float
    interval: Interval
    num_problems: int
    num_samples: int


@dataclass(frozen=True, slots=True)
class Curve:
    """pass@k for k = 1, 2, ... with a pointwise band; arrays of shape (max_k,)."""

    ks: tuple[int, ...]
    values: Values
    low: Values
    high: Values
    confidence: float
    method: str


def estimate_pass_at_k(
    n: npt.ArrayLike,
    c: npt.ArrayLike,
    k: int,
    *,
    confidence: float = CONFIDENCE,
    method: Method = "auto",
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """Estimate pass@k over all problems, each counting the same however many samples it has.

    ``n`` and ``c``, shape (n_problems,): samples and passes. ``method="auto"`` takes Wilson where every
    problem gives a plain 0 or 1, else the cluster-robust Wilson interval; ``wilson`` on anything else, no
    problem at all, and a k above some problem's n raise ValueError.
    """
    n, c = checked_counts(n, c)
    values = pass_at_k(n, c, k)
    if values.size == 0:
        raise ValueError("pass@k needs at least one problem")
    total = int(n.sum())
    if method == "bca":
        interval = bootstrap_interval(values, confidence=confidence, resamples=resamples, seed=seed)
    else:
        luck = float(luck_at_k(n, c, k).mean())
        interval = mean_interval(values, total, luck=luck, confidence=confidence, method=method)
    return Estimate(float(values.mean()), interval, values.size, total)


def estimate_share(count: npt.ArrayLike, n: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> Estimate:
    """Estimate a share of samples, such as that of timeouts: ``count`` of ``n`` samples of each problem.

    Both of shape (n_problems,). A ratio of sums, so every sample counts the same; its variance is that of
    the linearized ratio, between problems (Miller 2024, arXiv 2411.00640). ValueError without any sample.
    """
    n, count = checked_counts(n, count)
    total = int(n.sum())
    if total == 0:
        raise ValueError("a share of samples needs at least one sample")
    asked = n > 0
    n, count = n[asked], count[asked]
    share = count.sum() / total
    # Each problem's pull on the ratio, shifted so that its mean is the share itself.
    weight = n.size / total
    pulls = share + (count - share * n) * weight
    luck = float(np.mean(luck_at_k(n, count, 1) * (n * weight) ** 2))
    return Estimate(
        float(share), mean_interval(pulls, total, luck=luck, confidence=confidence), n.size, total
    )


def estimate_curve(
    n: npt.ArrayLike, c: npt.ArrayLike, max_k: int, *, confidence: float = CONFIDENCE
) -> Curve:
    """pass@k for every k up to ``max_k`` with a pointwise band; arguments and errors as for pass@k."""
    n, c = checked_counts(n, c)
    rows = pass_at_every_k(n, c, max_k)
    if n.size == 0:
        raise ValueError("pass@k needs at least one problem")
    lucks = [float(luck_at_k(n, c, k).mean()) for k in range(1, max_k + 1)]
    intervals = [
        mean_interval(row, int(n.sum()), luck=luck, confidence=confidence)
        for row, luck in zip(rows, lucks, strict=True)
    ]
    methods = sorted({interval.method for interval in intervals}, reverse=True)
    return Curve(
        ks=tuple(range(1, max_k + 1)),
        values=rows.mean(axis=1),
        low=np.array([interval.low for interval in intervals]),
        high=np.array([interval.high for interval in intervals]),
        confidence=confidence,
        method=", ".join(methods),
    )


def mean_interval(
    values: Values,
    num_samples: int,
    *,
    luck: float = 0.0,
    confidence: float = CONFIDENCE,
    method: Method = "auto",
) -> Interval:
    """Interval for the mean of one value in [0, 1] per problem, shape (n_problems,).

    ``num_samples`` bounds the effective sample size: the evidence cannot outweigh that many independent
    samples. ``luck`` is the part of the values' variance that is luck in the answers, averaged over
    problems. ``auto`` as in :func:`estimate_pass_at_k`.
    """
    binary = bool(np.all((values == 0.0) | (values == 1.0)))
    if method == "wilson" and not binary:
        raise ValueError("a plain Wilson interval needs a 0 or 1 from every problem")
    low, high = (float(limit) for limit in score_limits(values, num_samples, confidence, method))
    if binary and method != "cluster":
        return Interval(low, high, confidence, WILSON)
    # Both tails together: a limit may be missed twice as often by what was not seen as by chance alone.
    steady, tail = without_luck(values, luck), 1 - confidence
    return Interval(lowest(low, steady, 0.0, tail), highest(high, steady, 1.0, tail), confidence, CLUSTER)


def score_limits(
    values: Values, num_samples: int, confidence: float = CONFIDENCE, method: Method = "auto"
) -> tuple[Values, Values]:
    """Wilson's limits, plain or cluster-robust, before they leave room for unseen problems.

    Arguments as for :func:`mean_interval`; ``values`` may also be many runs at once, (..., n_problems), which
    gives limits of shape (...,).
    """
    size = values.shape[-1]
    mean = np.clip(values.mean(axis=-1), 0.0, 1.0)
    plain = np.all((values == 0.0) | (values == 1.0), axis=-1) & (method != "cluster")
    student = student_quantile(0.5 + confidence / 2, max(size - 1, 1))
    quantile = np.where(plain, normal_quantile(0.5 + confidence / 2), student)
    effective = np.where(plain, size, _effective_size(values, num_samples))
    square = quantile**2
    # Both solutions of the score equation (Wilson 1927), clear of rounding beyond the ends.
    centre = (mean + square / (2 * effective)) / (1 + square / effective)
    spread = np.sqrt(mean * (1 - mean) / effective + square / (4 * effective**2))
    half = quantile / (1 + square / effective) * spread
    low = np.where(mean == 0.0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(mean == 1.0, 1.0, np.minimum(centre + half, 1.0))
    return low, high


def bootstrap_interval(
    values: Values, *, confidence: float = CONFIDENCE, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """BCa bootstrap interval (Efron 1987) for the mean of one value per problem, shape (n_problems,).

    Where all values are equal there is nothing to resample; the interval then has no width, and the
    closed forms are the better choice.
    """
    mean = float(values.mean())
    deviations = values - mean
    spread = float(np.sum(deviations**2))
    label = f"{BCA} ({resamples:,} resamples)"
    if spread == 0.0:
        return Interval(mean, mean, confidence, label)
    means = resampled_means(values, resamples=resamples, seed=seed)
    below = (np.count_nonzero(means < mean) + np.count_nonzero(means <= mean)) / (2 * resamples)
    bias = normal_quantile(min(max(below, 0.5 / resamples), 1 - 0.5 / resamples))
    acceleration = float(np.sum(deviations**3)) / (6 * spread**1.5)
    tails = []
    for probability in (0.5 - confidence / 2, 0.5 + confidence / 2):
        shifted = bias + normal_quantile(probability)
        tails.append(normal_tail(-bias - shifted / (1 - acceleration * shifted)))
    low, high = np.quantile(means, tails)
    return Interval(float(low), float(high), confidence, label)


def resampled_means(values: Values, *, resamples: int = RESAMPLES, seed: int = SEED) -> Values:
    """Means of ``resamples`` draws of all problems with replacement; shape (resamples,).

    Sorting first makes the result independent of the order of the problems.
    """
    values = np.sort(values)
    generator = np.random.default_rng(seed)
    means = np.empty(resamples)
    block = max(1, 2_000_000 // values.size)  # keeps the table of drawn indices near 16 MB
    for start in range(0, resamples, block):
        stop = min(start + block, resamples)
        drawn = generator.integers(0, values.size, size=(stop - start, values.size))
        means[start:stop] = values[drawn].mean(axis=1)
    return means


def _effective_size(values: Values, num_samples: int) -> Values:
    """How many independent answers would have the same variance of the mean as these problems.

    The number of problems where all of them agree on 0 or 1, and where a single one cannot show any
    variance; never above the number of samples. Shapes (..., n_problems) and (...,).
    """
    size, mean = values.shape[-1], values.mean(axis=-1)
    if size == 1:
        return np.ones_like(mean)
    variance_of_mean = values.var(axis=-1, ddof=1) / size
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.clip(mean * (1 - mean) / variance_of_mean, 1.0, num_samples)
    agreed = (mean <= 0.0) | (mean >= 1.0)
    found: Values = np.where(agreed, size, np.where(variance_of_mean == 0.0, num_samples, effective))
    return found
