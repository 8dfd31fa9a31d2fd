"""Edits of files, counted over the verdicts of a run."""

from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType

from evalsite.rundir.edits import EditCounts, EditTally, EditVerdict
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass


def turns_of(verdict: Verdict) -> tuple[VerdictClass, ...]:
    """The verdict after each turn of a sample; one where no more were allowed."""
    return (verdict.edit.turns if verdict.edit else ()) or (verdict.verdict,)


@dataclass
class CountedEdits:
    """Running counts; problems whose answers are no edits add nothing."""

    tallies: dict[str, EditTally] = field(default_factory=dict)
    """Problem -> its samples' edits."""
    _first: EditVerdict | None = None
    _samples: int = 0
    _well_formed: int = 0
    _applied: int = 0
    _passed_at: dict[int, int] = field(default_factory=dict)
    """Turn, from 0 -> samples that passed at it."""

    def add_to_tally(self, verdict: Verdict) -> None:
        """Count a verdict for its problem alone."""
        if not (edit := verdict.edit):
            return
        before = self.tallies.get(verdict.problem, EditTally())
        self.tallies[verdict.problem] = EditTally(
            well_formed=before.well_formed + edit.well_formed,
            applied=before.applied + edit.applied,
            first=before.first + (turns_of(verdict)[0] is VerdictClass.PASSED),
        )

    def add(self, verdict: Verdict) -> None:
        """Count a verdict that counts in scores."""
        if not (edit := verdict.edit):
            return
        self._first = self._first or edit
        self._samples += 1
        self._well_formed += edit.well_formed
        self._applied += edit.applied
        turns = turns_of(verdict)
        passed = turns[-1] is VerdictClass.PASSED
        self._passed_at[len(turns) - 1] = self._passed_at.get(len(turns) - 1, 0) + passed

    def counts(self) -> EditCounts | UnsetType:
        """Return what was counted; nothing where no answers were to be edits."""
        if self._first is None:
            return UNSET
        most = max(self._passed_at, default=0)
        passed = [sum(self._passed_at.get(each, 0) for each in range(turn + 1)) for turn in range(most + 1)]
        return EditCounts(
            format=self._first.format,
            samples=self._samples,
            well_formed=self._well_formed,
            applied=self._applied,
            passed=tuple(passed),
        )
