"""What a report says of a run's agents: how long they took, and why they stopped."""

from collections.abc import Iterator

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.sentences import count, percent


def agent_facts(run: LoadedRun) -> Iterator[tuple[str, str]]:
    """Names and values of facts; none where no agent was asked."""
    if not (agent := run.summary.agent):
        return
    means = " and ".join(f"{getattr(agent, name) / agent.samples:.1f} {name}" for name in ("turns", "calls"))
    tests = f"{agent.tests / agent.samples:.1f} runs of the tests"
    yield "Agent", f"{means} a transcript, with {tests}, in {count(agent.samples, 'transcript')}"
    read, written = run.summary.prompt_tokens, run.summary.completion_tokens
    if read is not None and written is not None:
        tokens = f"{read / agent.samples:,.0f} tokens read and {written / agent.samples:,.0f} written"
        latency = run.summary.latency_s
        took = f", in {latency.mean:.1f} s of waiting for answers" if latency else ""
        yield "", f"{tokens} a transcript{took}"
    if agent.broken:
        yield "", f"{percent(agent.broken / agent.calls)} of the calls could not be carried out by anybody"
    told = [f"{VerdictClass(name).words} {number:,}" for name, number in agent.endings.items()]
    yield "Ended by", f"{', '.join(told)} (whether the tests passed then or not)"


def agents_json(run: LoadedRun) -> dict[str, object] | None:
    """The same for scripts; sums over all transcripts."""
    if not (agent := run.summary.agent):
        return None
    return {
        "transcripts": agent.samples,
        "turns": agent.turns,
        "calls": agent.calls,
        "broken_calls": agent.broken,
        "test_runs": agent.tests,
        "prompt_tokens": run.summary.prompt_tokens,
        "completion_tokens": run.summary.completion_tokens,
        "endings": agent.endings,
    }
