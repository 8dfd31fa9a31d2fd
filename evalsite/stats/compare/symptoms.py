"""Did the symptoms of answers become more or fewer? Their shares in two runs, each with interval and test."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index
from evalsite.rundir.symptoms import Symptom
from evalsite.stats.compare.evidence import interval_and_test
from evalsite.stats.compare.signflip import holm
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.words.limits import outward
from evalsite.words.sentences import percent, probability

SIGNIFICANT = 0.05
"""Corrected p-value below which a symptom is said to have become more or less frequent."""


@dataclass(frozen=True, slots=True)
class SymptomShift:
    """One symptom in both runs, over their common problems."""

    symptom: Symptom
    base: int
    candidate: int
    """Samples that have it."""
    base_share: float
    candidate_share: float
    """Mean share over the problems, in [0, 1]."""
    interval: Interval
    """Of the candidate's share minus the baseline's."""
    p_value: float
    """Two-sided, of "as frequent in both"."""
    p_adjusted: float
    """The same after Holm's correction over the symptoms that occur."""
    test: str

    @property
    def value(self) -> float:
        """Candidate's share minus the baseline's."""
        return self.candidate_share - self.base_share


def compare_symptoms(
    base: LoadedRun,
    candidate: LoadedRun,
    where: tuple[Index, Index],
    *,
    confidence: float = CONFIDENCE,
) -> tuple[SymptomShift, ...] | None:
    """Compare the symptoms that occur in either run, the largest change first.

    ``where``: positions of the common problems in each run, of shape (n_common,). Interval and test are those
    of pass@1 (:func:`.evidence.interval_and_test`), with the samples that have the symptom in place of those
    that passed. None where not all answers of both runs were looked at by the same rules.
    """
    if not where[0].size or not (base.tells_symptoms and candidate.tells_symptoms):
        return None
    found = [shift for symptom in Symptom if (shift := _shift(symptom, (base, candidate), where, confidence))]
    corrected = holm([shift.p_value for shift in found])
    shifts = [replace(shift, p_adjusted=p_value) for shift, p_value in zip(found, corrected, strict=True)]
    return tuple(sorted(shifts, key=lambda shift: -abs(shift.value)))


def _shift(
    symptom: Symptom, runs: tuple[LoadedRun, LoadedRun], where: tuple[Index, Index], confidence: float
) -> SymptomShift | None:
    counts = [(run.n[at], run.symptoms(symptom)[at]) for run, at in zip(runs, where, strict=True)]
    (n, had), (later_n, have) = counts
    if not had.any() and not have.any():
        return None
    before, after = had / n, have / later_n
    interval, test = interval_and_test((n, had), (later_n, have), after - before, 1, confidence)
    shares = float(before.mean()), float(after.mean())
    return SymptomShift(
        symptom,
        int(had.sum()),
        int(have.sum()),
        *shares,
        interval,
        test.p_value,
        test.p_value,
        test.method,
    )


def symptom_sentences(shifts: Sequence[SymptomShift]) -> Iterator[str]:
    """A sentence for each symptom that became more or less frequent beyond chance."""
    for shift in shifts:
        if shift.p_adjusted < SIGNIFICANT:
            low, high = outward(100 * shift.interval.low, 100 * shift.interval.high).texts
            yield (
                f"Answers with the symptom {shift.symptom.words} ({shift.symptom.meaning}) went from "
                f"{percent(shift.base_share)} to {percent(shift.candidate_share)} "
                f"({probability(shift.p_adjusted)}; by {low} to {high} points)."
            )
