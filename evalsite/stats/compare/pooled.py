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
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.clusters import Layout, Weights, changes_by_cluster
from evalsite.stats.compare.evidence import Excess, agreeing, excess_over
from evalsite.stats.compare.paired import Changes, p_value_at_most
from evalsite.stats.compare.question import Question
from evalsite.stats.compare.recovery import Recovery, beyond, recovery
from evalsite.stats.compare.settling import Settling, settling
from evalsite.stats.compare.signflip import Test, swapped_signs
from evalsite.stats.decision import MARGIN, Decided, decide, decide_equivalence
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


@dataclass(frozen=True, eq=False)
class Pooled:
    """A paired comparison of pass@1 over several data sets; all rates in [0, 1]."""

    question: Question
    weights: Weights
    num_problems: int
    num_clusters: int
    base: float
    candidate: float
    value: float
    """Candidate minus baseline: negative for a loss."""
    confidence: float
    """Of the interval: by which look it is."""
    interval: Interval
    p_value: float
    """Two-sided, of "both are equally good"."""
    p_adjusted: float
    num_tests: int
    """Each as of a :class:`evalsite.stats.compare.numbers.Difference`."""
    test: str
    excess: Excess
    """Confidence that more was lost than is allowed, or less kept."""
    distance: float
    """How many standard errors the difference lies above the loss that is allowed."""
    heterogeneity: float | None
    """p-value of "all data sets lost the same"; None where there is one, or where nothing could tell."""
    strata: tuple[Stratum, ...] = field(repr=False)
    layout: Layout = field(repr=False)

    @property
    def main(self) -> "Pooled":
        """The difference that the decision is about, as of a comparison on one data set."""
        return self

    @property
    def margin(self) -> float:
        """The loss that is allowed; where a share has to be kept, what it comes to here."""
        return self.question.margin(self.base)

    @property
    def by_figures(self) -> Decided:
        """Whether what was asked is so, for all that the figures say."""
        if self.question.way == "share":
            kept = self.recovery
            return decide(kept.value, kept.interval, self.question.limit) if kept else "vacuous"
        if self.question.way == "equivalence":
            return decide_equivalence(-self.value, self.interval.scaled(-1), self.margin, self.base)
        return decide(self.value, self.interval, -self.margin, base=self.base)

    @property
    def chance(self) -> float:
        """One-sided p-value of "not so"; of an equivalence the larger one of both sides."""
        if self.question.way != "equivalence":
            return self.excess.most
        return max(self.excess.most, p_value_at_most(self.changes.turned, -self.margin))

    @property
    def changes(self) -> Changes:
        """What changed, with clusters as units."""
        return pooled_changes(self.strata, self.layout).at(self.confidence)

    @cached_property
    def recovery(self) -> Recovery | None:
        """The share of the baseline's score that is kept; None where nothing could be kept."""
        return recovery(
            *_sides(self.strata), confidence=self.confidence, change=self.interval, layout=self.layout
        )

    @cached_property
    def needed(self) -> Settling | None:
        """Source problems that would settle it; None where it is settled, or another way is asked."""
        if self.question.way != "margin" or self.by_figures != "inconclusive":
            return None
        fewest = min(int(counts.min()) for one in self.strata for counts in (one.base[0], one.candidate[0]))
        clustered = self.num_clusters < self.num_problems
        return settling(self.changes, self.interval, self.margin, fewest, clustered=clustered)


def pool(
    strata: Sequence[Stratum],
    weights: Weights = "problem",
    *,
    margin: float | Question = MARGIN,
    confidence: float = CONFIDENCE,
) -> Pooled:
    """Compare two models over several data sets; each of ``strata`` with at least one problem.

    ``margin``: the loss of pass@1 that is allowed, in [0, 1], or what else is asked. Raises ValueError where
    there is nothing.
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
    question = margin if isinstance(margin, Question) else Question(margin)
    return Pooled(
        question=question,
        weights=weights,
        num_problems=layout.stratum_of.size,
        num_clusters=layout.num_clusters,
        base=base,
        candidate=candidate,
        value=float(changes.values.mean()),
        confidence=confidence,
        interval=interval,
        p_value=test.p_value,
        p_adjusted=test.p_value,
        num_tests=1,
        test=test.method,
        excess=_excess(question, changes, test, strata, layout),
        distance=changes.standardized(-question.margin(base)),
        heterogeneity=heterogeneity([stratum.change for stratum in strata], layout),
        strata=tuple(strata),
        layout=layout,
    )


def _excess(
    question: Question, changes: Changes, test: Test, strata: Sequence[Stratum], layout: Layout
) -> Excess:
    """Confidence that more was lost than is allowed, or that less is kept than is asked for."""
    if question.way != "share":
        return excess_over(changes, question.limit, test.p_value)
    over = beyond(*_sides(strata), question.limit, layout=layout)
    less = p_value_at_most(over, 0.0)
    return Excess(min(less, 1 - p_value_at_most(over.turned, 0.0)), less)


def _sides(strata: Sequence[Stratum]) -> tuple[tuple[Counts, Counts], tuple[Counts, Counts]]:
    """Samples and passes of all problems, of the baseline and of the candidate."""
    base, candidate = (
        (np.concatenate([n for n, _ in side]), np.concatenate([passes for _, passes in side]))
        for side in ([one.base for one in strata], [one.candidate for one in strata])
    )
    return base, candidate


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
