"""The client: prompts in, completions out, with retries, lazily and with flat memory."""

import asyncio
import datetime as dt
import logging
import random
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Self

import msgspec
import stamina

from evalsite.client import protocol
from evalsite.client.endpoints import Endpoint, access
from evalsite.client.faults import FaultError, RefusalError, UnsupportedError
from evalsite.client.servers import Pool, Server
from evalsite.client.transport import Timeouts, Transport
from evalsite.errors import EndpointError, EndpointFaultError, UsageError
from evalsite.rundir.schema import Completion, Prompt, Settings

logging.getLogger("stamina").addHandler(logging.NullHandler())  # else Python prints every retry by itself

Work = tuple[Prompt, Sequence[int]]
"""A prompt and the numbers of the samples wanted of it."""

SEED_STEP = 1_000_003
"""Apart by a large prime, the samples of runs with the seeds 1, 2, 3, ... never share a seed."""

SAMPLE_SEED = f"(seed + {SEED_STEP} * sample) % 2**31"
"""What :func:`seed_for` returns, for the record."""

FEWEST_FAILURES = 5
"""So many requests in a row, and at least ``concurrency``, have to be lost before all is given up."""

FEWEST_CONNECTIONS = 2
"""The same for a server that cannot even be connected to: no prompt can be the reason."""

MOST_CHOICES = 32
"""Asked for in one request: more would put too much at stake in it."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A sample that could not be had: not a verdict on the model. ``error`` says why, without secrets."""

    problem: str
    sample: int
    error: str
    kind: str
    """Of the last failure: connect, reset, timeout, http, html, malformed, cut-off, refused, filtered, ..."""


Outcome = Completion | Missing
_Queue = asyncio.Queue[list[Outcome] | Exception | None]
"""What came of each request; an exception or None is the last of it."""


def most_choices(settings: Settings) -> int:
    """Return how many samples of a problem one request asks for at most: a seed belongs to a request."""
    return MOST_CHOICES if settings.seed is None else 1


def seed_for(seed: int | None, sample: int) -> int | None:
    """Return the seed to send for a sample: reproducible, different for each, and ``seed`` for the first."""
    return None if seed is None else (seed + SEED_STEP * sample) % 2**31


class Client:
    """Asks one model, on one server or several. Use it as an async context manager.

    It keeps ``concurrency`` requests in flight. Several samples are asked for in one request (``n``) where
    the server honours that and no seed is set: a seed belongs to a request, so seeded samples are asked one
    by one, and come out the same whatever was interrupted and resumed.

    Raises EndpointRefusedError where the server refuses for good, and EndpointFaultError where it fails so
    often in a row that going on makes no sense. ``headers`` and ``api_key`` are sent and never shown.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        settings: Settings,
        *,
        model: str,
        concurrency: int = 8,
        timeouts: Timeouts | None = None,
        headers: Mapping[str, str] | None = None,
        api_key: str = "",
    ) -> None:
        if not endpoints:
            raise UsageError("no endpoint to ask", hint="Give one with --model-endpoint URL.")
        if any(endpoint.api != settings.api for endpoint in endpoints):
            raise UsageError(f"every endpoint has to speak the {settings.api} API")
        if concurrency < 1:
            raise UsageError("the concurrency has to be at least 1")
        self._settings = settings
        self._model = model
        self._concurrency = concurrency
        self._timeouts = timeouts or Timeouts()
        sent, secrets = access(endpoints, headers, api_key)
        self._transport = Transport(self._timeouts, sent, secrets, self.clock)
        self._pool = Pool(endpoints)
        self._answered = False
        self._failures_in_a_row = 0

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._transport.__aexit__(*exc_info)

    @staticmethod
    def clock() -> float:
        """Return the seconds by which answers are timed; a subclass may have a clock of its own."""
        return time.perf_counter()

    async def complete(self, prompt: Prompt, samples: Sequence[int]) -> list[Completion]:
        """Return the completions of these samples, in their order; raises EndpointError if one is missing."""
        found: list[Completion] = []
        async with aclosing(self.generate([(prompt, samples)])) as outcomes:
            async for outcome in outcomes:
                if isinstance(outcome, Missing):
                    raise EndpointFaultError(outcome.error)
                found.append(outcome)
        return sorted(found, key=lambda completion: completion.sample)

    async def generate(self, work: Iterable[Work]) -> AsyncGenerator[Outcome, None]:
        """Yield an outcome for every sample of the work, as they come in.

        Work is pulled when there is room for it. If the caller falls behind, at most twice ``concurrency``
        requests are in flight or wait with their outcomes; an error comes after everything that was
        answered before it. Closing the iterator cancels what is in flight.
        """
        outcomes: _Queue = asyncio.Queue()
        places = asyncio.Semaphore(2 * self._concurrency)
        producer = asyncio.create_task(self._produce(work, outcomes, places))
        try:
            while (batch := await outcomes.get()) is not None:
                if isinstance(batch, Exception):
                    raise batch
                places.release()
                for outcome in batch:
                    yield outcome
        finally:
            producer.cancel()
            await asyncio.wait([producer])

    async def _produce(self, work: Iterable[Work], outcomes: _Queue, places: asyncio.Semaphore) -> None:
        feed = _Feed(work, self._share)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._concurrency):
                    group.create_task(self._worker(feed, outcomes, places))
        except ExceptionGroup as raised:
            outcomes.put_nowait(raised.exceptions[0])
        else:
            outcomes.put_nowait(None)

    async def _worker(self, feed: "_Feed", outcomes: _Queue, places: asyncio.Semaphore) -> None:
        async for prompt, samples in feed:
            await places.acquire()  # before asking: whoever waits with an answer in hand may be cancelled
            got, leftover = await self._serve(prompt, samples)
            feed.done((prompt, leftover) if leftover else None)
            outcomes.put_nowait(got)
            self._give_up_if_hopeless(got)

    async def _serve(self, prompt: Prompt, samples: Sequence[int]) -> tuple[list[Outcome], Sequence[int]]:
        """Ask for samples once; return what came of it, and the samples that have to be asked for again."""
        try:
            answer, attempts = await self._ask(prompt, samples)
        except FaultError as fault:
            return self._missing(prompt, samples[:1], fault, fault.kind), samples[1:]
        except RefusalError as refusal:
            if refusal.for_every_prompt or not self._answered:
                raise
            return self._missing(prompt, samples, refusal, "refused"), ()
        self._answered = True
        asked = samples[: answer.asked]  # a server may give more, which nobody's seed or turn belongs to
        got: list[Outcome] = [
            self._withheld(prompt, sample, choice)
            if choice.filtered
            else self._completion(prompt, sample, answer, choice, attempts)
            for sample, (_, choice) in zip(asked, sorted(answer.choices.items()), strict=False)
        ]
        return got, samples[len(got) :]

    async def _ask(self, prompt: Prompt, samples: Sequence[int]) -> tuple[protocol.Answer, int]:
        """Return an answer and the number of the attempt that brought it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeouts.deadline_s
        server = self._pool.pick()
        try:
            return await self._ask_server(server, prompt, samples, self._timeouts.deadline_s), 1
        except FaultError as exc:  # stamina comes in only now: it costs as much as half a request
            failure = exc
        async for attempt in stamina.retry_context(
            on=_backoff(lambda: deadline - loop.time()),
            attempts=self._timeouts.attempts,
            timeout=self._timeouts.deadline_s,
            wait_initial=self._timeouts.first_wait_s,
            wait_max=self._timeouts.longest_wait_s,
        ):
            with attempt:
                if attempt.num == 1:
                    raise failure  # the attempt above counts as the first
                # Some servers fail at several choices instead of refusing them.
                few = samples if isinstance(failure, UnsupportedError) else samples[:1]
                server = self._pool.pick(avoid=server)
                try:
                    answer = await self._ask_server(server, prompt, few, deadline - loop.time())
                except FaultError as exc:
                    failure = exc
                    raise
                if len(few) < len(samples) and not server.gave_several:
                    server.drop("choices")
                return answer, attempt.num
        raise AssertionError("stamina either returns or raises")

    async def _ask_server(
        self, server: Server, prompt: Prompt, samples: Sequence[int], within_s: float
    ) -> protocol.Answer:
        features = server.features
        n = len(samples) if features.choices else 1
        seed = seed_for(self._settings.seed, samples[0])
        body = protocol.request_body(prompt, self._settings, features, model=self._model, n=n, seed=seed)
        server.outstanding += 1
        try:
            answer = await self._transport.ask(
                server.endpoint, body, within_s=within_s, several=n > 1, reuse=features.reuse
            )
        except (RefusalError, FaultError) as failure:
            if feature := _refused_feature(features, n, failure):
                server.drop(feature)
                raise UnsupportedError(feature, failure) from failure
            if isinstance(failure, FaultError):
                server.failed(self._timeouts.first_wait_s, self._timeouts.longest_wait_s, failure.wait_s)
            raise
        finally:
            server.outstanding -= 1
        answer.asked = n
        server.answered(len(answer.choices))
        if n > 1 and len(answer.choices) == 1:
            server.drop("choices")
        return answer

    def _share(self, samples: Sequence[int]) -> int:
        """Return how many of the samples one request should ask for."""
        honoured = all(server.features.choices for server in self._pool.servers)
        return min(len(samples), most_choices(self._settings)) if honoured else 1

    def _completion(
        self, prompt: Prompt, sample: int, answer: protocol.Answer, choice: protocol.Choice, attempts: int
    ) -> Completion:
        first, ended = choice.first_token_at, choice.ended_at or answer.ended_at
        now = dt.datetime.now(dt.UTC)
        return Completion(
            problem=prompt.problem,
            sample=sample,
            text=choice.text,
            form=prompt.form,
            finish_reason=choice.finish_reason and protocol.mend(choice.finish_reason),
            reasoning=protocol.mend("".join(choice.reasoning)),
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=choice.tokens,
            tokens_from=choice.tokens_from,
            choices=len(answer.choices),
            seed=seed_for(self._settings.seed, sample),
            latency_s=round(ended - answer.started_at, 6),
            first_token_s=None if first is None else round(first - answer.started_at, 6),
            attempts=attempts,
            model=protocol.model_id(answer.model),
            fingerprint=protocol.mend(answer.fingerprint),
            received_at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        )

    def _withheld(self, prompt: Prompt, sample: int, choice: protocol.Choice) -> Missing:
        error = f"the service's own filter took the answer away ({choice.finish_reason})"
        return Missing(problem=prompt.problem, sample=sample, error=error, kind="filtered")

    def _missing(
        self, prompt: Prompt, samples: Sequence[int], error: EndpointError, kind: str
    ) -> list[Outcome]:
        return [Missing(problem=prompt.problem, sample=s, error=error.message, kind=kind) for s in samples]

    def _give_up_if_hopeless(self, got: Sequence[Outcome]) -> None:
        lost = [outcome for outcome in got if isinstance(outcome, Missing) and outcome.kind != "filtered"]
        if len(lost) < len(got):
            self._failures_in_a_row = 0
            return
        self._failures_in_a_row += 1
        dead = lost[-1].kind == "connect"
        enough = FEWEST_CONNECTIONS if dead else max(self._concurrency, FEWEST_FAILURES)
        if self._failures_in_a_row >= enough:
            raise EndpointFaultError(
                f"{self._failures_in_a_row} requests in a row were lost; the last: {lost[-1].error}",
                hint="Nothing is lost: `evalsite resume RUN` asks for what is missing.",
            )


class _Feed:
    """Work cut into requests, pulled lazily; what a server left out comes round again.

    Workers wait while others may still give something back, and stop once nobody can.
    """

    def __init__(self, work: Iterable[Work], share: Callable[[Sequence[int]], int]) -> None:
        self._work: Iterator[Work] = iter(work)
        self._share = share
        self._waiting: deque[Work] = deque()
        self._open = 0
        self._changed = asyncio.Event()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Work:
        while (unit := self._next()) is None:
            if not self._open:
                self._changed.set()
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        self._open += 1
        return unit

    def done(self, leftover: Work | None) -> None:
        """Report a unit as served, except for the leftover."""
        self._open -= 1
        if leftover is not None:
            self._waiting.appendleft(leftover)
        self._changed.set()

    def _next(self) -> Work | None:
        while True:
            if not self._waiting:
                try:
                    self._waiting.append(next(self._work))
                except StopIteration:
                    return None
            prompt, samples = self._waiting.popleft()
            if not samples:
                continue
            share = self._share(samples)
            if share < len(samples):
                self._waiting.appendleft((prompt, samples[share:]))
            return prompt, samples[:share]


def _backoff(left_s: Callable[[], float]) -> Callable[[Exception], bool | float]:
    """Return stamina's hook: faults are retried, after the server's own Retry-After where it gave one."""

    def hook(exc: Exception) -> bool | float:
        if not isinstance(exc, FaultError):
            return False
        if exc.wait_s is None:
            return True
        jittered = exc.wait_s * random.uniform(1.0, 1.25)  # noqa: S311 - or all requests come back at once
        return jittered if jittered < left_s() else False

    return hook


def _refused_feature(used: protocol.Features, n: int, failure: RefusalError | FaultError) -> str:
    """Return the optional feature that a request used and its refusal is about, or an empty string."""
    if isinstance(failure, RefusalError) and failure.for_every_prompt:
        return ""
    if used.reuse and isinstance(failure, FaultError) and failure.kind == "reset":
        return "reuse"
    words = failure.words.lower()
    if used.stream and "stream" in words:
        return "stream_usage" if used.stream_usage and "stream_options" in words else "stream"
    if used.tokens_field == "max_tokens" and "max_completion_tokens" in words:
        return "max_tokens"
    return "choices" if n > 1 and isinstance(failure, RefusalError) else ""
