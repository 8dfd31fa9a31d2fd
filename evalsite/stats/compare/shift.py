"""Did the failures change their kind? Shares of the error classes in two runs, and a test of their shift."""

from dataclasses import dataclass

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index, Values
from evalsite.words.sentences import percent, probability

DRAWS = 9_999
SEED = 20240318
ROUNDING = 1e-9
"""Distances this near to each other are equal but for the order of additions."""
SIGNIFICANT = 0.05
"""p-value below which a shift is called one."""


@dataclass(frozen=True, slots=True)
class ClassShift:
    """One error class in both runs."""

    kind: str
    """The verdict class, such as ``wrong_answer``."""
    base: int
    candidate: int
    """Samples of this class."""
    base_share: float
    candidate_share: float
    """Shares of all graded samples, in [0, 1]."""

    @property
    def change(self) -> float:
        """Candidate's share minus the baseline's."""
        return self.candidate_share - self.base_share


@dataclass(frozen=True, slots=True)
class ErrorShift:
    """How the failures are made up in both runs, and whether their make-up changed.

    ``p_value`` is None where one run has no failures or all failures are of one class. The test looks only
    at the make-up of the failures, not at their number, which pass@1 already tells.
    """

    classes: tuple[ClassShift, ...]
    """The classes that occur, the largest rise first."""
    p_value: float | None
    method: str

    @property
    def sentence(self) -> str:
        """The shift in plain words."""
        if not self.classes:
            return "Neither run has a failed sample."
        most = max(self.classes, key=lambda row: abs(row.change))
        kind = most.kind.replace("_", " ")
        moved = f"{kind} went from {percent(most.base_share)} to {percent(most.candidate_share)} of samples"
        if self.p_value is None:
            return f"The failures are of too few kinds to test for a shift; {moved}."
        if self.p_value < SIGNIFICANT:
            return f"The kinds of failure shifted ({probability(self.p_value)}): above all, {moved}."
        return (
            f"The kinds of failure did not shift beyond chance ({probability(self.p_value)}); most, {moved}."
        )


def error_shift(base: LoadedRun, candidate: LoadedRun, where: tuple[Index, Index]) -> ErrorShift:
    """Compare the error classes of two runs over their common problems.

    ``where``: positions of those problems in each run, of shape (n_common,). The test is a permutation
    test with problems as units, since samples of one problem tend to fail alike: swapping the two runs'
    failures of random problems shows how far the make-up of the failures differs by chance.
    """
    here, there = where
    kinds = sorted(
        {kind for run in (base, candidate) for tally in run.summary.tallies for kind in tally.failures}
    )
    if not kinds:
        return ErrorShift((), None, "")
    ours = np.stack([base.failures(kind)[here] for kind in kinds], axis=1)
    theirs = np.stack([candidate.failures(kind)[there] for kind in kinds], axis=1)
    base_samples, cand_samples = int(base.n[here].sum()), int(candidate.n[there].sum())
    rows = [
        ClassShift(kind, before, after, before / base_samples, after / cand_samples)
        for kind, before, after in zip(
            kinds, ours.sum(axis=0).tolist(), theirs.sum(axis=0).tolist(), strict=True
        )
        if before or after
    ]
    rows.sort(key=lambda row: (-row.change, row.kind))
    p_value = _swap_test(ours / base.n[here, np.newaxis], theirs / candidate.n[there, np.newaxis])
    return ErrorShift(tuple(rows), p_value, f"permutation test over problems, {DRAWS:,} draws")


def _swap_test(ours: Values, theirs: Values) -> float | None:
    """p-value of "the failures are made up alike"; shares per problem, both (n_problems, n_classes)."""
    if min(ours.sum(), theirs.sum()) == 0.0 or np.count_nonzero((ours + theirs).sum(axis=0)) < 2:
        return None
    first, second = _canonical(ours, theirs)
    swaps = np.random.default_rng(SEED).integers(0, 2, size=(DRAWS, len(first))).astype(np.float64)
    moved = swaps @ (second - first)
    observed = _distance(ours.sum(axis=0)[np.newaxis], theirs.sum(axis=0)[np.newaxis])[0]
    drawn = _distance(first.sum(axis=0) + moved, second.sum(axis=0) - moved)
    return float((np.count_nonzero(drawn >= observed - ROUNDING) + 1) / (DRAWS + 1))


def _canonical(ours: Values, theirs: Values) -> tuple[Values, Values]:
    """Order within and between the problems' pairs, so that the draws do not depend on names or direction."""
    apart = theirs - ours
    leading = np.take_along_axis(apart, np.argmax(apart != 0.0, axis=1)[:, np.newaxis], axis=1)
    first, second = np.where(leading < 0, theirs, ours), np.where(leading < 0, ours, theirs)
    order = np.lexsort(np.hstack([first, second]).T)
    return first[order], second[order]


def _distance(first: Values, second: Values) -> Values:
    """Chi-squared-like distance of two make-ups, row by row; both (n_rows, n_classes), result (n_rows,)."""
    pooled = first + second
    shares = [one / np.maximum(one.sum(axis=1, keepdims=True), 1e-12) for one in (first, second)]
    weight = pooled / pooled.sum(axis=1, keepdims=True)
    distance: Values = np.sum((shares[0] - shares[1]) ** 2 / np.maximum(weight, 1e-12), axis=1)
    return distance
