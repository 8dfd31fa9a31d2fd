"""Clusters of problems as units: those that ask one source problem pass and fail together.

A cluster's value is the linearized mean's (:mod:`evalsite.stats.compare.pooled` tells how it is made). Of one
data set whose problems are all their own these values are its differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from evalsite.counts.passk import Counts, Index, Values
from evalsite.stats.compare.paired import Changes
from evalsite.words.sentences import count

Weights = Literal["problem", "dataset"]
"""What counts the same: each problem, or each data set whatever its size."""

UNSEEN = 1.4
"""Of :attr:`Changes.unseen`, for several data sets: 3.5 % instead of 5 at 95 % confidence."""


@dataclass(frozen=True, eq=False)
class Layout:
    """How the problems of several data sets lie in data sets and clusters; arrays of shape (n_problems,)."""

    stratum_of: Index
    """The number of a problem's data set."""
    cluster_of: Index
    problem_weights: Values
    """They add up to one."""
    sizes: Counts
    """Clusters of each data set, shape (n_strata,)."""
    num_clusters: int

    @classmethod
    def of(cls, clusters: Sequence[Sequence[str]], weights: Weights) -> "Layout":
        """Lay out the problems of each data set, given by their clusters."""
        counts = np.array([len(each) for each in clusters])
        stratum_of = np.repeat(np.arange(counts.size), counts)
        names, cluster_of = np.unique([name for each in clusters for name in each], return_inverse=True)
        shares = (
            1 / (counts.size * counts) if weights == "dataset" else np.full(counts.size, 1 / counts.sum())
        )
        sizes = np.array([len(set(each)) for each in clusters])
        return cls(stratum_of, cluster_of.reshape(-1), shares[stratum_of], sizes, names.size)

    def summed(self, values: Values) -> Values:
        """Add up weighted values of problems by clusters, as many times as there are clusters.

        So the mean over clusters, of shape (n_clusters,), is the weighted mean over problems.
        """
        weighted = self.num_clusters * self.problem_weights * values
        return added_up(self.cluster_of, weighted)

    def means(self, values: Values) -> Values:
        """The mean of each data set, shape (n_strata,)."""
        return added_up(self.stratum_of, values) / np.bincount(self.stratum_of)

    @cached_property
    def freedom(self) -> int:
        """Degrees of freedom: how many equal clusters would tell as much, less one a group of sets.

        Kish's effective number by the clusters' weights; data sets whose clusters are the same are one group.
        """
        weight = self.summed(np.ones(self.stratum_of.size))
        effective = float(np.sum(weight**2) ** 2 / np.sum(weight**4))
        member = np.zeros((self.num_clusters, self.sizes.size), dtype=bool)
        member[self.cluster_of, self.stratum_of] = True
        groups = min(len(np.unique(member, axis=0)), self.sizes.size)
        return max(1, int(effective * (1 - groups / self.num_clusters) + 1e-9))


def layout_of(clusters: Sequence[str]) -> Layout | None:
    """Lay out one data set by the source problem of each; None where all are their own."""
    return Layout.of([clusters], "problem") if len(set(clusters)) < len(clusters) else None


def changes_by_cluster(
    change: Values, luck: Values, fewest: Values | Counts, layout: Layout, worst: float = -1.0
) -> Changes:
    """What changed, with clusters as units.

    From arrays of shape (n_problems,): differences, their luck, and the fewer samples of both (for pass@k
    divided by k). ``worst``: the least that a difference could be.
    """
    pooled = float(layout.problem_weights @ change)
    scale = layout.num_clusters * layout.problem_weights
    # What each problem's data set loses on average; a single problem shows none, and is held against all.
    centre = np.where(layout.sizes > 1, layout.means(change), pooled)
    few = layout.num_clusters
    apart = np.where(layout.sizes > 1, layout.sizes / np.maximum(layout.sizes - 1, 1), 1.0)
    grown = np.sqrt(apart / (few / max(few - 1, 1)))[layout.stratum_of]
    here = centre[layout.stratum_of]
    drawn = layout.summed(change)
    least = np.max(added_up(layout.cluster_of, scale**2 / fewest))
    weight = max(float(np.max(drawn**2)), float(least))
    found = Changes(
        values=pooled + layout.summed(grown * (change - here)),
        luck=float(np.mean(added_up(layout.cluster_of, scale**2 * luck))),
        weight=weight,
        worst=pooled + float(np.min(layout.summed(worst - here))),
        best=pooled + float(np.max(layout.summed(1.0 - here))),
        freedom=layout.freedom,
        plain=weight == 1.0 and bool(np.all(np.isin(drawn.round(12), (-1.0, 0.0, 1.0)))),
    )
    return replace(found.leaning, unseen=UNSEEN) if layout.sizes.size > 1 else found


def added_up(places: Index, values: Values) -> Values:
    """Sums of the values at each place, from the first to the last."""
    return np.bincount(places, values).astype(np.float64)


def told_clusters(problems: int, clusters: int) -> str:
    """Say that several problems ask one source problem."""
    return (
        f"The {count(problems, 'problem')} come from {count(clusters, 'source problem')}: those "
        "that share one count as one cluster, since they pass and fail together."
    )
