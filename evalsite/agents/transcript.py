"""A transcript: what an agent and its tools told each other, and why it ended.

It ends where an answer calls no tool (*gave up*, unless the tests pass then), was cut off (*truncated*), or
leaves a call in its text that the server did not report (*broken call*); after :data:`MOST_BROKEN` answers in
a row with a call that nobody can carry out (*broken call*); where the same call was made :data:`MOST_ALIKE`
times and no file changed in between (*stuck*); after its last turn (*out of turns*); and where the server
refuses what has become too long for it (*out of context*).

A transcript is rebuilt from its recorded steps by reading the answers anew: edits are done again, in memory,
and what the tests said is not asked for again.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from evalsite.agents.tools import RUN_TESTS, TOOLS, Folder, written
from evalsite.calls.families import behind_thoughts, find_calls
from evalsite.calls.pieces import assemble
from evalsite.calls.reading import Call
from evalsite.edits.exercise import Exercise, encode_files
from evalsite.rundir.agents import AgentEnd
from evalsite.rundir.asked import CUT_OFF
from evalsite.rundir.schema import Completion
from evalsite.rundir.steps import Step, ToolResult
from evalsite.rundir.store import Key
from evalsite.rundir.taxonomy import VerdictClass

MOST_BROKEN = 3
MOST_ALIKE = 3
MOST_CALLS = 32
"""Calls of one answer that are carried out."""


class Transcript:
    """One sample's. ``messages`` is what was said behind the prompt."""

    def __init__(self, key: Key, exercise: Exercise, max_turns: int) -> None:
        self.key = key
        self.folder = Folder.of(exercise)
        self.messages: list[dict[str, Any]] = []
        self.ending: VerdictClass | None = None
        self.answers: list[Completion] = []
        self._max_turns = max_turns
        self._calls = self._broken = self._tests = 0
        self._broken_in_a_row = 0
        self._since_change: Counter[tuple[str, str]] = Counter()

    @property
    def turn(self) -> int:
        """The number of answers so far."""
        return len(self.answers)

    def read(self, answer: Completion) -> list[Call]:
        """Take an answer, and return its calls; without any, the transcript has ended."""
        self.answers.append(answer)
        calls = assemble(answer.calls)[:MOST_CALLS] if answer.calls else []
        if not calls:
            self.ending = _ending_without(answer)
            self.messages.append({"role": "assistant", "content": answer.text})
        return calls

    def told(self, calls: Sequence[Call], results: Sequence[ToolResult]) -> None:
        """Take what came of the last answer's calls."""
        answer = self.answers[-1]
        ids = [f"call{self.turn % 100:02d}{number:03d}" for number in range(len(calls))]  # nine signs for all
        self.messages.append(
            {
                "role": "assistant",
                "content": answer.text,  # never null, which llama-cpp-python refuses
                "tool_calls": [
                    {
                        "id": call_id,
                        "type": "function",
                        "function": {"name": call.name or "unnamed", "arguments": written(call) or "{}"},
                    }
                    for call_id, call in zip(ids, calls, strict=True)
                ],
            }
        )
        self.messages += [
            {"role": "tool", "tool_call_id": call_id, "content": result.text}
            for call_id, result in zip(ids, results, strict=True)
        ]
        self._count(results)

    def again(self, step: Step) -> list[Call]:
        """Go through a recorded step; returns calls that are still to be carried out."""
        calls = self.read(step.answer)
        if step.results is None or not calls:
            return calls
        for call, result in zip(calls, step.results, strict=False):
            if call.name != RUN_TESTS and result.changed:
                self.folder.carry_out(call)
        self.told(calls[: len(step.results)], step.results)
        return []

    def outgrown(self) -> None:
        """The server refuses it: it has become too long."""
        self.ending = VerdictClass.OUT_OF_CONTEXT

    def completion(self) -> Completion:
        """What the sample has come to: the files, with all that its answers took."""
        assert self.ending is not None
        last = self.answers[-1] if self.answers else None
        read, written_tokens = (
            _sum([getattr(each, name) for each in self.answers])
            for name in ("prompt_tokens", "completion_tokens")
        )
        taken = _sum([each.latency_s for each in self.answers])
        return Completion(
            problem=self.key[0],
            sample=self.key[1],
            text=encode_files(self.folder.files),
            form="solution",
            agent=AgentEnd(
                ending=self.ending,
                turns=self.turn,
                calls=self._calls,
                broken=self._broken,
                tests=self._tests,
            ),
            finish_reason=last.finish_reason if last else None,
            prompt_tokens=read,
            completion_tokens=written_tokens,
            tokens_from="usage" if written_tokens is not None else None,
            choices=1,
            seed=last.seed if last else None,
            latency_s=None if taken is None else round(taken, 6),
            attempts=1 + sum(each.attempts - 1 for each in self.answers),
            model=last.model if last else "",
            fingerprint=last.fingerprint if last else "",
            received_at=last.received_at if last else "",
        )

    def _count(self, results: Sequence[ToolResult]) -> None:
        faults = sum(result.broken for result in results)
        self._calls += len(results)
        self._broken += faults
        self._tests += sum(result.passed is not None for result in results)
        self._broken_in_a_row = self._broken_in_a_row + 1 if faults else 0
        alike = 0
        for result in results:
            if result.changed:
                self._since_change.clear()
                continue
            key = result.tool, result.arguments
            self._since_change[key] += 1
            alike = max(alike, self._since_change[key])
        if self._broken_in_a_row >= MOST_BROKEN:
            self.ending = VerdictClass.BROKEN_CALL
        elif alike >= MOST_ALIKE:
            self.ending = VerdictClass.STUCK
        elif self.turn >= self._max_turns:
            self.ending = VerdictClass.OUT_OF_TURNS


def _ending_without(answer: Completion) -> VerdictClass:
    """Why a transcript ends with an answer that calls nothing."""
    if find_calls(behind_thoughts(answer.text), TOOLS) is not None:
        return VerdictClass.BROKEN_CALL
    return VerdictClass.TRUNCATED if answer.finish_reason in CUT_OFF else VerdictClass.GAVE_UP


def _sum(values: Sequence[Any]) -> Any:
    """The sum where every value is known; None where one is not."""
    return sum(values) if values and all(value is not None for value in values) else None
