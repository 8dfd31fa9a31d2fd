"""One difference over several data sets: each problem equal or each data set equal, clusters above problems.

A data set's problems are a choice, but which data sets are asked is not: so the difference is stratified, and
that two data sets lost unlike much adds nothing to its uncertainty. Problems of several data sets that ask
one source problem (HumanEval's in HumanEval+ and in other languages) pass and fail together. They are one
*cluster*, and clusters are what is drawn.

Both follow from the linearized mean (Woodruff 1971, Journal of the American Statistical Association 66;
Miller 2024, arXiv 2411.00640, for clusters): a cluster's value is the pooled difference, and what its
problems differ from the means of their own data sets, weighted. These values go through the procedure of one
data set (:mod:`evalsite.stats.compare.paired`); of one data set whose problems are all their own they are its
differences. ``bench/coverage.py`` measures what comes of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.clusters import Layout, Weights, changes_by_cluster
from evalsite.stats.compare.evidence import Excess, agreeing, excess_over
from evalsite.stats.compare.paired import Changes
from evalsite.stats.compare.signflip import Test, swapped_signs
from evalsite.stats.decision import MARGIN, Decided, decide
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.quantiles import fisher_tail

WEIGHTS: tuple[Weights, ...] = ("problem", "dataset")


@dataclass(frozen=True, eq=False)
class Stratum:
    """The problems of one data set that two runs share, as counts of shape (n_problems,)."""

    clusters: Sequence[str]
    """The source problem of each."""
    base: tuple[Counts, Counts]
    """Samples and passes."""
    candidate: tuple[Counts, Counts]

    @property
    def change(self) -> Values:
        """Candidate's pass@1 minus the baseline's."""
        difference: Values = self.candidate[1] / self.candidate[0] - self.base[1] / self.base[0]
        return difference


@dataclass(frozen=True, slots=True)
class Pooled:
    """A paired comparison of pass@1 over several data sets; all rates in [0, 1]."""

    weights: Weights
    num_problems: int
    num_clusters: int
    base: float
    candidate: float
    value: float
    """Candidate minus baseline: negative for a loss."""
    interval: Interval
    p_value: float
    """Two-sided, of "both are equally good"."""
    p_adjusted: float
    num_tests: int
    """Each as of a :class:`evalsite.stats.compare.numbers.Difference`."""
    test: str
    margin: float
    excess: Excess
    distance: float
    """How many standard errors the difference lies above the loss that is allowed."""
    heterogeneity: float | None
    """p-value of "all data sets lost the same"; None where there is one, or where nothing could tell."""

    @property
    def main(self) -> "Pooled":
        """The difference that the decision is about, as of a comparison on one data set."""
        return self

    @property
    def by_figures(self) -> Decided:
        """Whether no more than the margin was lost, for all that the figures say."""
        return decide(self.value, self.interval, -self.margin, base=self.base)


def pool(
    strata: Sequence[Stratum],
    weights: Weights = "problem",
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
) -> Pooled:
    """Compare two models over several data sets; each of ``strata`` with at least one problem.

    ``margin``: the loss of pass@1 that is allowed, in [0, 1]. Raises ValueError where there is nothing.
    """
    if not strata or not all(stratum.change.size for stratum in strata):
        raise ValueError("a pooled comparison needs data sets with at least one problem each")
    layout = Layout.of([stratum.clusters for stratum in strata], weights)
    changes = pooled_changes(strata, layout).at(confidence)
    interval, test = agreeing(changes, _swapped(strata, layout), confidence)
    base, candidate = (
        float(layout.problem_weights @ np.concatenate([passes / n for n, passes in side]))
        for side in ([one.base for one in strata], [one.candidate for one in strata])
    )
    return Pooled(
        weights=weights,
        num_problems=layout.stratum_of.size,
        num_clusters=layout.num_clusters,
        base=base,
        candidate=candidate,
        value=float(changes.values.mean()),
        interval=interval,
        p_value=test.p_value,
        p_adjusted=test.p_value,
        num_tests=1,
        test=test.method,
        margin=margin,
        excess=excess_over(changes, margin, test.p_value),
        distance=changes.standardized(-margin),
        heterogeneity=heterogeneity([stratum.change for stratum in strata], layout),
    )


def pooled_changes(strata: Sequence[Stratum], layout: Layout) -> Changes:
    """What changed over several data sets, with clusters as units."""
    change = np.concatenate([stratum.change for stratum in strata])
    luck = np.concatenate([luck_at_k(*one.base, 1) + luck_at_k(*one.candidate, 1) for one in strata])
    fewest = np.concatenate([np.minimum(one.base[0], one.candidate[0]) for one in strata])
    return changes_by_cluster(change, luck, fewest, layout)


def heterogeneity(changes: Sequence[Values], layout: Layout) -> float | None:
    """Return the p-value of "all data sets lost the same": Hotelling's T^2 of their means, between clusters.

    To each data set two problems are added, one won and one lost, as to a difference, and their spread is
    taken to be known as well as that of the smallest. None for one data set, and for too few problems.
    """
    number = len(changes)
    known = min(layout.freedom, int(layout.sizes.min()) - 1)
    freedom = known - number + 2
    if number < 2 or freedom < 1:
        return None
    change = np.concatenate(changes)
    counts, means = np.bincount(layout.stratum_of), layout.means(change)
    scores = np.zeros((layout.num_clusters, number))
    apart = (change - means[layout.stratum_of]) / counts[layout.stratum_of]
    np.add.at(scores, (layout.cluster_of, layout.stratum_of), apart)
    most = np.array([np.max(each**2, initial=0.0) or 1.0 for each in changes])
    spread = scores.T @ scores + np.diag(2 * most / counts**2)
    contrast = np.eye(number)[:-1] - np.eye(number)[-1]
    told = contrast @ means
    square = float(told @ np.linalg.solve(contrast @ spread @ contrast.T, told))
    ratio = square * freedom / (known * (number - 1))
    return fisher_tail(ratio, number - 1, freedom)


def _swapped(strata: Sequence[Stratum], layout: Layout) -> Test | None:
    """The test by swapped signs, all problems of a cluster together; None where they may not be swapped."""
    if not all(np.array_equal(one.base[0], one.candidate[0]) for one in strata):
        return None
    sums = [Fraction(0)] * layout.num_clusters
    share = [Fraction(1, 1)] * layout.sizes.size
    counts = np.bincount(layout.stratum_of).tolist()
    if not np.allclose(layout.problem_weights, layout.problem_weights[0], rtol=1e-12):
        share = [Fraction(math.lcm(*counts), each) for each in counts]
    rows = (
        row
        for one in strata
        for row in zip(one.base[0].tolist(), one.base[1].tolist(), one.candidate[1].tolist(), strict=True)
    )
    places = zip(layout.stratum_of.tolist(), layout.cluster_of.tolist(), strict=True)
    for (n, before, after), (stratum, cluster) in zip(rows, places, strict=True):
        if after != before:
            sums[cluster] += Fraction(after - before, n) * share[stratum]
    return swapped_signs(sums)
