"""Problems -> completions -> verdicts, both at once: every answer is on disk before it is graded."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from msgspec import structs

from evalsite.client.core import Client
from evalsite.client.trying import Missing
from evalsite.errors import EndpointError
from evalsite.events import Listener, SampleCount, ignore, remark
from evalsite.grading.engine import Grader
from evalsite.kinds.conversation import shared_turns
from evalsite.kinds.offers import shared_offers
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.answers import drop_void
from evalsite.rundir.files import Appender
from evalsite.rundir.schema import Completion, Problem, Prompt, Run, RunStatus, Verdict
from evalsite.rundir.steps import append_steps, read_steps
from evalsite.rundir.store import Key, RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.agents import Agents
from evalsite.runner.chronicle import UNBOUNDED, Chronicle, Spending
from evalsite.runner.grade import (
    answered,
    count_graded,
    finish,
    reasons_ungraded,
    ungraded,
)
from evalsite.runner.reading import program_job
from evalsite.runner.turns import owes_turn, second_answer, second_prompt

GRADING_BACKLOG = 256
"""Answers that may wait for the grader before no more are taken from the client: keeps memory flat."""

AT_HAND_S = 0.01
"""An outcome that does not come within this has not arrived; one that has still takes turns of the loop."""

Work = Iterator[tuple[Prompt, tuple[int, ...]]]


@dataclass(frozen=True)
class Produced:
    """How asking ended. ``missing`` are the samples that could not be had, with the reason."""

    status: RunStatus
    missing: tuple[Missing, ...]
    failure: EndpointError | None = None
    """Why asking was given up, where the server refused for good or failed at everything."""
    told: tuple[str, ...] = ()
    """What else should be known of how it went: sentences."""


async def produce(
    run_dir: RunDir,
    client: Client,
    grader: Grader | None,
    stop: asyncio.Event,
    listener: Listener = ignore,
    spent: Spending | None = None,
) -> Produced:
    """Ask for every sample that the run still lacks, and grade everything that has no verdict.

    Without a grader nothing is graded now: another machine may do that later.

    Setting ``stop`` (Ctrl-C) abandons what is in flight, grades what has arrived, and leaves a run that
    can be resumed; so does the end of the budget that ``spent`` counts against. Must be called with the run's
    lock held.
    """
    run = run_dir.read_run()
    problems = {problem.task_id: problem for problem in run_dir.problems()}
    have = answered(run_dir, run, problems)
    drop_void(run_dir)
    count = SampleCount(
        "asking", run.model.name, run.num_problems * run.num_samples, listener, answered=len(have)
    )
    _count_verdicts(run_dir, count)
    count.tell()

    failure: EndpointError | None = None
    desk = _GradingDesk(problems, grader, count, run) if grader is not None else None
    spent = spent or Spending(UNBOUNDED, stop)
    if have:
        client.trust()
    with (
        run_dir.append_completions() as completions,
        run_dir.append_verdicts() as verdicts,
        Chronicle(run_dir, listener) as chronicle,
    ):
        client.notify(chronicle.notice)
        if desk is not None:
            for completion in ungraded(run_dir):
                await desk.take(completion, verdicts)
        desks = _Desks(chronicle, count, spent, desk, verdicts)
        asking = _asking(run_dir, client, grader, problems, _work(run, problems, have, stop))
        try:
            async for outcome in _outcomes(asking, stop, desks):
                completions.append(outcome)
                count.answer()
                if desk is not None:
                    await desk.take(outcome, verdicts)
            if desk is not None:
                await desk.drain()
                if desk.again and not stop.is_set():
                    await _ask_again(run_dir, client, stop, desks)
        except EndpointError as exc:
            failure = exc
        if desk is not None:
            await desk.drain()
    remark(listener, reasons_ungraded(count))
    status = _status(count, len(desk.again) if desk else 0, stopped=stop.is_set() and not spent.over)
    await asyncio.to_thread(finish, run_dir, status, chronicle.reasons())
    return Produced(status, tuple(chronicle.lost), failure, tuple(spent.sentences()))


@dataclass(frozen=True)
class _Desks:
    """Where outcomes go."""

    chronicle: Chronicle
    count: SampleCount
    spent: Spending
    grading: "_GradingDesk | None"
    verdicts: Appender


def _asking(
    run_dir: RunDir, client: Client, grader: Grader | None, problems: dict[str, Problem], work: Work
) -> AsyncGenerator[Completion | Missing, None]:
    """What the samples of some work come to: an answer each, or what an agent made of the files."""
    settings = run_dir.read_run().settings
    if settings is None or settings.max_turns is None:
        return client.generate(work)
    assert grader is not None, "an agent has its tests run"
    return _by_agents(run_dir, Agents(client, grader, settings), problems, work)


async def _by_agents(
    run_dir: RunDir, agents: Agents, problems: dict[str, Problem], work: Work
) -> AsyncGenerator[Completion | Missing, None]:
    """A transcript goes on where its steps end."""
    earlier = read_steps(run_dir)
    samples = ((problems[prompt.problem], number) for prompt, some in work for number in some)
    with append_steps(run_dir) as steps:
        async with contextlib.aclosing(agents.work(samples, steps, earlier)) as outcomes:
            async for outcome in outcomes:
                yield outcome


async def _outcomes(
    asking: AsyncGenerator[Completion | Missing, None], stop: asyncio.Event, desks: _Desks
) -> AsyncIterator[Completion]:
    """The answers to some work, as they come; what is missing is told and counted. Raises EndpointError."""
    async with contextlib.aclosing(asking) as outcomes:
        async for outcome in _until(stop, outcomes):
            if isinstance(outcome, Missing):
                desks.chronicle.missing(outcome)
                desks.count.lose(outcome.error)
            else:
                desks.spent.answer(outcome)
                yield outcome


async def _ask_again(run_dir: RunDir, client: Client, stop: asyncio.Event, desks: _Desks) -> None:
    """Send back what came of first answers that failed, once each, and grade what is answered."""
    desk = desks.grading
    assert desk is not None
    run, first = run_dir.read_run(), dict(desk.again)
    said = {
        key: second_prompt(desk.problems[completion.problem], run, completion, found)
        for key, (completion, found) in first.items()
    }
    work = ((prompt, (sample,)) for (_, sample), prompt in said.items())
    with run_dir.append_turns() as turns:
        async for outcome in _outcomes(client.generate(work), stop, desks):
            key = outcome.problem, outcome.sample
            answer = second_answer(said[key].text, outcome)
            turns.append(answer)
            del desk.again[key]
            await desk.take(structs.replace(first[key][0], again=answer), desks.verdicts)


class _GradingDesk:
    """Grades answers while others are still being generated, a bounded number at a time."""

    def __init__(self, problems: dict[str, Problem], grader: Grader, count: SampleCount, run: Run) -> None:
        self.problems = problems
        self.again: dict[Key, tuple[Completion, Verdict]] = {}
        """Samples that are to be asked a second time: first answer, and what came of it."""
        self._run = run
        self._grader = grader
        self._count = count
        self._places = asyncio.Semaphore(GRADING_BACKLOG)
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []

    async def take(self, completion: Completion, verdicts: Appender) -> None:
        """Queue one answer; waits while the backlog is full. Raises what an earlier one ran into."""
        await self._places.acquire()
        self._raise_failure()
        task = asyncio.create_task(self._grade(completion, verdicts))
        self._tasks.add(task)
        task.add_done_callback(self._leave)

    async def drain(self) -> None:
        """Wait until everything queued has its verdict on disk."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._raise_failure()

    async def _grade(self, completion: Completion, verdicts: Appender) -> None:
        # In a thread: extraction from a raving answer can take seconds, and others are being asked meanwhile.
        job = await asyncio.to_thread(program_job, self.problems, completion)
        verdict = await asyncio.wrap_future(self._grader.submit(job))
        if owes_turn(self._run, completion, verdict):
            assert isinstance(verdict, Verdict)
            self.again[completion.problem, completion.sample] = completion, verdict
        elif count_graded(verdict, self._count):
            verdicts.append(verdict)

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._places.release()
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    def _raise_failure(self) -> None:
        if self._failures:
            raise self._failures[0]


def _work(run: Run, problems: dict[str, Problem], have: set[tuple[str, int]], stop: asyncio.Event) -> Work:
    """Yield what is missing, problem by problem: servers and graders remember what its samples share."""
    assert run.settings is not None
    for problem in _in_order(run, problems.values()):
        samples = tuple(n for n in range(run.num_samples) if (problem.task_id, n) not in have)
        if stop.is_set():
            return
        if samples:
            yield prompt_for(problem, run.settings), samples


def _in_order(run: Run, problems: Iterable[Problem]) -> Iterable[Problem]:
    """The problems as they are asked: on a level those next to each other whose requests begin alike."""
    if not run.dataset.level:
        return problems
    context = run.settings.context if run.settings else None

    def begins(problem: Problem) -> tuple[int, int, str]:
        if not context:
            return 0, 0, problem.asked
        return -shared_offers(problem, context), -shared_turns(problem, context), problem.asked

    return sorted(problems, key=begins)


async def _until(
    stop: asyncio.Event, outcomes: AsyncIterator[Completion | Missing]
) -> AsyncIterator[Completion | Missing]:
    """Pass outcomes on until there are no more, or ``stop`` is set and all that have arrived are through."""
    stopped = asyncio.create_task(stop.wait())
    upcoming: asyncio.Future[Completion | Missing] | None = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(outcomes))
            await asyncio.wait({upcoming, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not upcoming.done():
                await asyncio.wait({upcoming}, timeout=AT_HAND_S)
            if not upcoming.done():
                return
            try:
                yield upcoming.result()
            except StopAsyncIteration:
                return
    finally:
        stopped.cancel()
        if upcoming is not None and upcoming.cancel():
            await asyncio.wait({upcoming})  # a generator that is still at work cannot be closed


def _count_verdicts(run_dir: RunDir, count: SampleCount) -> None:
    for verdict in run_dir.verdicts():
        count.graded += 1
        count.passed += verdict.verdict is VerdictClass.PASSED


def _status(count: SampleCount, waiting: int, *, stopped: bool) -> RunStatus:
    if count.answered >= count.total and not waiting:
        return "complete"
    return "interrupted" if stopped else "incomplete"
