"""Calls of tools, counted over the verdicts of a run."""

from collections import Counter
from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from evalsite.rundir.calls import CallCounts, CallGroup, CallsVerdict, CallTally
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass


def would_pass(verdict: Verdict) -> bool:
    """Whether an answer passes, or would with a parser that recognises the calls in its text."""
    parsed = verdict.calls.parsed if verdict.calls else None
    return VerdictClass.PASSED in (verdict.verdict, parsed)


@dataclass
class CountedCalls:
    """Running counts; problems that want no calls add nothing."""

    tallies: dict[str, CallTally] = field(default_factory=dict)
    """Problem -> its samples' calls."""
    _counts: CallCounts = field(default_factory=CallCounts)
    _seen: bool = False
    _families: Counter[str] = field(default_factory=Counter)
    _symptoms: Counter[str] = field(default_factory=Counter)
    _groups: dict[str, CallGroup] = field(default_factory=dict)

    def add_to_tally(self, verdict: Verdict) -> None:
        """Count a verdict for its problem alone."""
        if not (told := verdict.calls):
            return
        before = self.tallies.get(verdict.problem, CallTally())
        self.tallies[verdict.problem] = CallTally(
            made=before.made + told.made,
            fitting=before.fitting + told.fitting,
            called=before.called + (told.made > 0),
            parsed=before.parsed + would_pass(verdict),
        )

    def add(self, verdict: Verdict, group: str) -> None:
        """Count a verdict that counts in scores."""
        if not (told := verdict.calls):
            return
        self._seen = True
        leaked = told.parsed is not None
        self._counts = replace(
            self._counts,
            made=self._counts.made + told.made,
            fitting=self._counts.fitting + told.fitting,
            called=self._counts.called + (told.made > 0),
            leaked=self._counts.leaked + leaked,
        )
        self._symptoms.update(set(told.symptoms))
        if leaked:
            self._families[told.family] += 1
        self._add_to_group(verdict, group)

    def _add_to_group(self, verdict: Verdict, group: str) -> None:
        before = self._groups.get(group, CallGroup(samples=0, passed=0, parsed=0))
        self._groups[group] = CallGroup(
            samples=before.samples + 1,
            passed=before.passed + (verdict.verdict == VerdictClass.PASSED),
            parsed=before.parsed + would_pass(verdict),
        )

    def counts(self) -> CallCounts | UnsetType:
        """Return what was counted; nothing where no problem wants calls."""
        if not self._seen:
            return UNSET
        return replace(
            self._counts,
            families=dict(sorted(self._families.items())),
            symptoms=dict(sorted(self._symptoms.items())),
            groups=dict(sorted(self._groups.items())),
        )


def calls_of(verdict: Verdict) -> CallsVerdict:
    """What is known of the calls of an answer; nothing at all where its problem wants none."""
    return verdict.calls or CallsVerdict()
