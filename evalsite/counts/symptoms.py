"""Symptoms of answers, counted over the verdicts of a run."""

from collections import Counter
from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType

from evalsite.rundir.asked import LOOPED
from evalsite.rundir.schema import Completion, Settings, Verdict
from evalsite.rundir.symptoms import ANY, EndedLoops, Symptom, SymptomCounts, Symptoms
from evalsite.rundir.taxonomy import VerdictClass


@dataclass
class CountedSymptoms:
    """Running counts; rows that do not tell add nothing."""

    _tallies: dict[str, Counter[str]] = field(default_factory=dict)
    _samples: Counter[str] = field(default_factory=Counter)
    _passed: Counter[str] = field(default_factory=Counter)
    _versions: Counter[str] = field(default_factory=Counter)

    def add_to_tally(self, verdict: Verdict) -> None:
        """Count a verdict for its problem alone."""
        if verdict.symptoms is not UNSET:
            self._tallies.setdefault(verdict.problem, Counter()).update(_told(verdict.symptoms))

    def add(self, verdict: Verdict) -> None:
        """Count a verdict that counts in scores."""
        if verdict.symptoms is UNSET:
            return
        self._versions[verdict.symptoms.version] += 1
        self._samples.update(_told(verdict.symptoms))
        if verdict.verdict is VerdictClass.PASSED:
            self._passed.update(_told(verdict.symptoms))

    def tally(self, problem: str) -> dict[str, int] | UnsetType:
        """Symptom -> samples of a problem; nothing where none of them was looked at."""
        found = self._tallies.get(problem)
        return UNSET if found is None else _ordered(found)

    def counts(self) -> SymptomCounts | UnsetType:
        """Return what was counted; nothing where nobody looked."""
        if not self._versions:
            return UNSET
        return SymptomCounts(
            looked_at=self._versions.total(),
            samples=_ordered(self._samples),
            passed=_ordered(self._passed),
            versions=dict(sorted(self._versions.items())),
        )


@dataclass
class CountedLoops:
    """Running counts of answers that were ended since they looped; of no run that does not end them."""

    token_limit: int | None
    _answers: int = 0
    _spared: int = 0

    @classmethod
    def of(cls, settings: Settings | None) -> "CountedLoops":
        """Those of a run that is asked so."""
        return cls(settings.max_tokens if settings and settings.stop_loops else None)

    def add(self, completion: Completion) -> None:
        """Count an answer."""
        if self.token_limit is not None and completion.finish_reason == LOOPED:
            self._answers += 1
            self._spared += max(0, self.token_limit - (completion.completion_tokens or 0))

    def counts(self) -> EndedLoops | UnsetType:
        """Return what was counted."""
        return UNSET if self.token_limit is None else EndedLoops(answers=self._answers, spared=self._spared)


def _told(found: Symptoms) -> tuple[str, ...]:
    """Each once, however often a row says so."""
    return tuple(dict.fromkeys((ANY, *found.names))) if found.names else ()


def _ordered(counted: Counter[str]) -> dict[str, int]:
    """In the order of :class:`Symptom`; those of a newer evalsite last."""
    known = [ANY, *map(str, Symptom)]
    names = [name for name in known if counted[name]]
    return {name: counted[name] for name in (*names, *sorted(set(counted) - set(known)))}


def is_looked_at(counts: SymptomCounts | UnsetType, samples: int) -> bool:
    """Whether all of so many graded samples were looked at, by one version of the rules."""
    return counts is not UNSET and counts.looked_at == samples and len(counts.versions) == 1
