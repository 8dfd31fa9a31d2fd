"""Transcripts are added up over the samples of agents."""

from msgspec import UNSET

from evalsite.counts.agents import CountedAgents
from evalsite.rundir.agents import AgentCounts, AgentEnd
from evalsite.rundir.schema import Verdict


def test_transcripts_are_added_up():
    """Endings in the order of their names; samples of nobody's transcript add nothing."""
    counted = CountedAgents()
    counted.add(Verdict(problem="a", sample=0, verdict="passed"))
    assert counted.counts() is UNSET
    for number, ending in enumerate(("stuck", "gave_up", "stuck"), 1):
        end = AgentEnd(ending=ending, turns=number, calls=10 * number, broken=1, tests=2)
        counted.add(Verdict(problem="a", sample=number, verdict="passed", agent=end))
    counts = counted.counts()
    assert counts == AgentCounts(
        samples=3, turns=6, calls=60, broken=3, tests=6, endings={"gave_up": 1, "stuck": 2}
    )
    assert list(counts.endings) == ["gave_up", "stuck"]
