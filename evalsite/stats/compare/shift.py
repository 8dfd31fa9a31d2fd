"""Did the failures change their kind? Shares of the error classes in two runs, and a test of their shift."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index, Values
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.compare.signflip import signed_sums
from evalsite.words.sentences import count, percent, probability

DRAWS = 9_999
SEED = 20240318
ROUNDING = 1e-9
"""Statistics this near to each other, relative to the larger, are equal but for the order of additions."""
SIGNIFICANT = 0.05
"""p-value below which a shift is called one."""
LEAST_EXPECTED = 5.0
"""Failing problems that each run has to expect of a class that is tested by itself (Cochran 1954)."""

Testable = Literal["tested", "no failures", "one kind", "too few"]


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
    base_of_failures: float
    candidate_of_failures: float
    """Shares of the run's failed samples, in [0, 1]; 0 where it has none. What the test is about."""

    @property
    def words(self) -> str:
        """The verdict class in words."""
        return VerdictClass(self.kind).words

    @property
    def change(self) -> float:
        """Candidate's share of samples minus the baseline's."""
        return self.candidate_share - self.base_share

    @property
    def change_of_failures(self) -> float:
        """Candidate's share of failures minus the baseline's."""
        return self.candidate_of_failures - self.base_of_failures


@dataclass(frozen=True, slots=True)
class ErrorShift:
    """How the failures are made up in both runs, and whether their make-up changed.

    The test looks only at the make-up of the failures, not at their number, which pass@1 already tells.
    """

    classes: tuple[ClassShift, ...]
    """The classes that occur, the largest rise of its share of samples first."""
    p_value: float | None
    """None where it was not tested."""
    method: str
    testable: Testable
    """Whether it was tested, or why not."""
    failing: tuple[int, int]
    """Problems with a failed sample, in the baseline and in the candidate."""

    @property
    def sentence(self) -> str:
        """The shift in plain words, in shares of failures, which are what the test is about."""
        if not self.classes:
            return "Neither run has a failed sample."
        if self.testable == "no failures":
            who, other = ("baseline", "candidate") if self.failing[0] == 0 else ("candidate", "baseline")
            most = max(self.classes, key=lambda row: row.base + row.candidate)
            return f"The {who} has no failed sample; most failures of the {other} are {most.words}."
        if self.testable == "one kind":
            return f"All failures of both runs are of one kind, {self.classes[0].words}."
        most = max(self.classes, key=lambda row: abs(row.change_of_failures))
        moved = (
            f"{most.words} went from {percent(most.base_of_failures)} to "
            f"{percent(most.candidate_of_failures)} of the failures"
        )
        if self.p_value is None:
            base, candidate = self.failing
            return (
                f"Too few failures to tell whether their kinds shifted (on {count(base, 'problem')} of the "
                f"baseline and {candidate:,} of the candidate); {moved}."
            )
        if self.p_value < SIGNIFICANT:
            return f"The kinds of failure shifted ({probability(self.p_value)}): above all, {moved}."
        return (
            f"The kinds of failure did not shift beyond chance ({probability(self.p_value)}); "
            f"at most, {moved}."
        )


def error_shift(base: LoadedRun, candidate: LoadedRun, where: tuple[Index, Index]) -> ErrorShift:
    """Compare the error classes of two runs over their common problems.

    ``where``: positions of those problems in each run, of shape (n_common,). The statistic is Wald's, of
    the difference between the two make-ups, whose variance is that between problems, since samples of one
    problem tend to fail alike. Its distribution is found by giving each problem's pull on that difference
    random signs. That keeps its level although one run fails much more often than the other, where swapping
    the runs' failures would not. Classes too rare to be tested alone are taken together; where fewer than
    two are left, the test is withheld.
    """
    here, there = where
    kinds = sorted(
        {kind for run in (base, candidate) for tally in run.summary.tallies for kind in tally.failures}
    )
    if not kinds:
        return ErrorShift((), None, "", "no failures", (0, 0))
    ours = np.stack([base.failures(kind)[here] for kind in kinds], axis=1)
    theirs = np.stack([candidate.failures(kind)[there] for kind in kinds], axis=1)
    rows = _rows(kinds, (ours, int(base.n[here].sum())), (theirs, int(candidate.n[there].sum())))
    failing = (int(np.count_nonzero(ours.sum(axis=1))), int(np.count_nonzero(theirs.sum(axis=1))))
    method = f"studentized permutation test over problems, {DRAWS:,} draws"
    if 0 in failing or len(rows) < 2:
        return ErrorShift(rows, None, method, "no failures" if 0 in failing else "one kind", failing)
    p_value = makeup_test(ours / base.n[here, np.newaxis], theirs / candidate.n[there, np.newaxis])
    return ErrorShift(rows, p_value, method, "too few" if p_value is None else "tested", failing)


def makeup_test(ours: Values, theirs: Values, *, draws: int = DRAWS) -> float | None:
    """p-value of "the failures are made up alike", or None where there are too few of them to tell.

    Failures' shares of each problem's samples, both of shape (n_problems, n_classes); how it is done
    stands at :func:`error_shift`.
    """
    tested = _testable(ours, theirs) if ours.any() and theirs.any() else None
    return _wald_test(*tested, draws) if tested else None


def _rows(kinds: list[str], base: tuple[Index, int], candidate: tuple[Index, int]) -> tuple[ClassShift, ...]:
    """The classes that occur; each run as failures of shape (n_problems, n_classes), and its samples."""
    ours, theirs = base[0].sum(axis=0), candidate[0].sum(axis=0)
    base_failures, cand_failures = max(1, int(ours.sum())), max(1, int(theirs.sum()))
    rows = [
        ClassShift(
            kind=kind,
            base=before,
            candidate=after,
            base_share=before / base[1],
            candidate_share=after / candidate[1],
            base_of_failures=before / base_failures,
            candidate_of_failures=after / cand_failures,
        )
        for kind, before, after in zip(kinds, ours.tolist(), theirs.tolist(), strict=True)
        if before or after
    ]
    return tuple(sorted(rows, key=lambda row: (-row.change, row.kind)))


def _testable(ours: Values, theirs: Values) -> tuple[Values, Values] | None:
    """Take rare classes together until each has enough; shares per problem, both (n_problems, n_classes).

    Enough is counted in problems that are as good as independent: Kish's effective number of failing
    problems in the run that has fewer of them, times the class's share of all failures. None where fewer
    than two classes would be left.
    """
    fewer = min(_effective(ours), _effective(theirs))
    pooled = ours.sum(axis=0) + theirs.sum(axis=0)
    order = np.argsort(-pooled, kind="stable")
    ours, theirs = ours[:, order], theirs[:, order]
    expected = fewer * pooled[order] / pooled.sum()
    for alone in range(expected.size - 1, 0, -1):
        if expected[alone - 1] >= LEAST_EXPECTED and expected[alone:].sum() >= LEAST_EXPECTED:
            return _folded(ours, alone), _folded(theirs, alone)
    return None


def _effective(failures: Values) -> float:
    """Kish's effective number of failing problems: (sum of weights)^2 / sum of squares."""
    weight = failures.sum(axis=1)
    return float(weight.sum() ** 2 / np.sum(weight**2))


def _folded(failures: Values, alone: int) -> Values:
    """The first classes by themselves, the others as one."""
    return np.column_stack([failures[:, :alone], failures[:, alone:].sum(axis=1)])


def _wald_test(ours: Values, theirs: Values, draws: int) -> float:
    """The p-value, of classes that all have enough failures.

    A problem's pull is what it adds to the difference of the two make-ups, linearized around the pooled
    one; the pulls add up to that difference exactly. The sum of their outer products estimates its variance
    and does not depend on their signs.
    """
    base_total, cand_total = ours.sum(), theirs.sum()
    pooled = (ours.sum(axis=0) + theirs.sum(axis=0)) / (base_total + cand_total)
    pulls = (theirs - theirs.sum(axis=1, keepdims=True) * pooled) / cand_total - (
        ours - ours.sum(axis=1, keepdims=True) * pooled
    ) / base_total
    pulls = _canonical(pulls[:, :-1])
    inverse = np.linalg.pinv(pulls.T @ pulls)
    moved = ours.sum(axis=0)[:-1] / base_total - theirs.sum(axis=0)[:-1] / cand_total
    observed = float(moved @ inverse @ moved)
    drawn = signed_sums(pulls, draws, SEED)
    statistics = np.sum(drawn @ inverse * drawn, axis=1)
    hits = np.count_nonzero(statistics >= observed * (1 - ROUNDING))
    return float((hits + 1) / (draws + 1))


def _canonical(pulls: Values) -> Values:
    """Put pulls in one order, each with a positive first entry: draws then depend on no name or direction."""
    pulls = pulls[np.any(pulls != 0.0, axis=1)]
    leading = np.take_along_axis(pulls, np.argmax(pulls != 0.0, axis=1)[:, np.newaxis], axis=1)
    pulls = np.where(leading < 0, -pulls, pulls)
    return pulls[np.lexsort(pulls.T)]
