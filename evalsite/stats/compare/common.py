"""The problems that two runs have in common, and which of them ask one source problem."""

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Counts, Index
from evalsite.stats.compare.clusters import Layout, layout_of
from evalsite.stats.compare.numbers import Comparison, compare_counts


def comparable(base: LoadedRun, other: LoadedRun, least: int = 1) -> tuple[Index, Index]:
    """Positions in each run of the problems that both have ``least`` samples of, in the base's order.

    Both of shape (n_common,).
    """
    if base.task_ids == other.task_ids:  # as nearly always
        both = np.flatnonzero(np.minimum(base.n, other.n) >= least)
        return both, both
    position = {task: index for index, task in enumerate(other.task_ids)}
    pairs = [
        (here, there)
        for here, task in enumerate(base.task_ids)
        if (there := position.get(task)) is not None and min(base.n[here], other.n[there]) >= least
    ]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def counts_of(base: LoadedRun, other: LoadedRun) -> tuple[tuple[Counts, Counts], tuple[Counts, Counts]]:
    """Samples and passes of each run on the problems that both have samples of."""
    here, there = comparable(base, other)
    return (base.n[here], base.c[here]), (other.n[there], other.c[there])


def compare_passes(base: LoadedRun, other: LoadedRun, margin: float, confidence: float) -> Comparison | None:
    """Compare single answers on the problems that both have samples of; None where there are none."""
    ours, theirs = counts_of(base, other)
    return (
        compare_counts(ours, theirs, ks=(1,), margin=margin, confidence=confidence) if ours[0].size else None
    )


def sources_of(base: LoadedRun, other: LoadedRun, here: Index) -> list[str]:
    """The source problem of each problem at these positions in the base."""
    tasks = [base.task_ids[index] for index in here]
    return [base.sources.get(task) or other.sources.get(task) or task for task in tasks]


def clustered(base: LoadedRun, other: LoadedRun, here: Index) -> Layout | None:
    """How the problems at these positions in the base lie in clusters; None where each is its own."""
    if not base.sources and not other.sources:
        return None
    return layout_of(sources_of(base, other, here))
