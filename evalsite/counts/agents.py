"""Transcripts of agents, counted over the verdicts of a run."""

from collections import Counter
from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType

from evalsite.rundir.agents import AgentCounts
from evalsite.rundir.schema import Verdict

_SUMMED = ("turns", "calls", "broken", "tests")


@dataclass
class CountedAgents:
    """Running counts; samples of no agent add nothing."""

    _samples: int = 0
    _sums: Counter[str] = field(default_factory=Counter)
    _endings: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        """Count a verdict that counts in scores."""
        if not (agent := verdict.agent):
            return
        self._samples += 1
        self._sums.update({name: getattr(agent, name) for name in _SUMMED})
        self._endings[agent.ending] += 1

    def counts(self) -> AgentCounts | UnsetType:
        """Return what was counted; nothing where no agent was asked."""
        if not self._samples:
            return UNSET
        sums = {name: self._sums[name] for name in _SUMMED}
        return AgentCounts(samples=self._samples, endings=dict(sorted(self._endings.items())), **sums)
