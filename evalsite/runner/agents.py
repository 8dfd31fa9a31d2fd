"""Agents at work: many transcripts at once, each step on disk before the next, and none asked for twice."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping

from msgspec import structs

from evalsite.agents.tools import RUN_TESTS, broken, tested
from evalsite.agents.transcript import Transcript
from evalsite.calls.reading import Call
from evalsite.client.core import Client
from evalsite.client.refusals import is_about_length
from evalsite.client.trying import Missing
from evalsite.edits.exercise import encode_files, exercise_of
from evalsite.grading.engine import Grader, Job
from evalsite.grading.verdicts import Ungraded
from evalsite.kinds.editing import told_of_tests
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.files import Appender
from evalsite.rundir.schema import Completion, Problem, Program, Settings
from evalsite.rundir.steps import StepAnswer, StepResults, Steps, ToolResult
from evalsite.rundir.store import Key
from evalsite.rundir.taxonomy import VerdictClass

Outcome = Completion | Missing
REHEARSAL = -1
"""Number of the sample that a program is which an agent has tested, and that has no verdict."""


class _UngradedError(Exception):
    """The tests could not be run here, which is no fault of the agent."""


class Agents:
    """Carries on the transcripts of some samples, as many at once as the client has requests in flight."""

    def __init__(self, client: Client, grader: Grader, settings: Settings) -> None:
        assert settings.max_turns is not None
        self._client = client
        self._grader = grader
        self._settings = settings
        self._max_turns = settings.max_turns

    async def work(
        self, samples: Iterable[tuple[Problem, int]], steps: Appender, earlier: Mapping[Key, Steps]
    ) -> AsyncGenerator[Outcome, None]:
        """Yield what each sample has come to, as they come; each step goes to ``steps`` before the next.

        ``earlier``: what was done before. Raises what ends the asking for good.
        """
        if earlier:
            self._client.trust()
        outcomes: asyncio.Queue[Outcome | None] = asyncio.Queue(2 * self._client.concurrency)
        left = iter(samples)

        async def worker() -> None:
            for problem, sample in left:
                done = earlier.get((problem.task_id, sample), Steps())
                await outcomes.put(await self._sample((problem, sample), steps, done))

        async def all_workers() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(self._client.concurrency):
                        group.create_task(worker())
            finally:
                await outcomes.put(None)

        at_work = asyncio.create_task(all_workers())
        try:
            while (outcome := await outcomes.get()) is not None:
                yield outcome
            try:
                await at_work
            except ExceptionGroup as raised:
                raise raised.exceptions[0] from None
        finally:
            at_work.cancel()
            while not at_work.done():
                with contextlib.suppress(asyncio.QueueEmpty):
                    outcomes.get_nowait()
                await asyncio.wait([at_work], timeout=0.01)

    async def _sample(self, of: tuple[Problem, int], steps: Appender, done: Steps) -> Outcome:
        """Carry one transcript on to its end."""
        problem, sample = of
        key = problem.task_id, sample
        transcript = Transcript(key, exercise_of(problem), self._max_turns)
        try:
            for step in done.rows:
                if calls := transcript.again(step):
                    await self._carry_out(transcript, problem, calls, steps)
            while transcript.ending is None:
                answer = await self._ask(transcript, problem, sample)
                if isinstance(answer, Missing):
                    if answer.kind != "refused" or not is_about_length(answer.error):
                        return answer
                    transcript.outgrown()
                    break
                row = StepAnswer(problem=key[0], sample=sample, turn=transcript.turn + 1, answer=answer)
                steps.append(row)
                if calls := transcript.read(answer):
                    await self._carry_out(transcript, problem, calls, steps)
        except _UngradedError as error:
            return Missing(problem=key[0], sample=sample, error=str(error), kind="ungraded")
        return transcript.completion()

    async def _ask(self, transcript: Transcript, problem: Problem, sample: int) -> Outcome:
        prompt = prompt_for(problem, self._settings)
        prompt = structs.replace(prompt, messages=(*prompt.messages, *transcript.messages))
        async with contextlib.aclosing(self._client.generate([(prompt, (sample,))])) as outcomes:
            async for outcome in outcomes:
                return outcome
        raise AssertionError("a sample that is asked for has an outcome")

    async def _carry_out(
        self, transcript: Transcript, problem: Problem, calls: list[Call], steps: Appender
    ) -> None:
        """Do what an answer calls for, and write down what came of it."""
        results = []
        for call in calls:
            if call.name == RUN_TESTS and not broken(call):
                results.append(await self._run_tests(transcript, problem, call))
            else:
                results.append(transcript.folder.carry_out(call))
        key = transcript.key
        steps.append(StepResults(problem=key[0], sample=key[1], turn=transcript.turn, results=tuple(results)))
        transcript.told(calls, results)

    async def _run_tests(self, transcript: Transcript, problem: Problem, call: Call) -> ToolResult:
        source = encode_files(transcript.folder.files)
        program = Program(problem=problem.task_id, sample=REHEARSAL, source=source, rule="agent")
        found = await asyncio.wrap_future(self._grader.submit(Job(program, problem)))
        if isinstance(found, Ungraded):
            raise _UngradedError(f"the tests could not be run here: {found.reason}")
        passed = found.verdict is VerdictClass.PASSED
        told = "All tests pass." if passed else told_of_tests(found, transcript.folder.files)
        return tested(call, told, passed=passed)
