"""The client: prompts in, completions out, with retries, lazily and with flat memory."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Self

from msgspec import UNSET

from evalsite.client import protocol
from evalsite.client.endpoints import Endpoint, access
from evalsite.client.faults import FaultError, RefusalError, UnsupportedError
from evalsite.client.feed import Feed, Work
from evalsite.client.looping import Watch
from evalsite.client.outbox import Outbox
from evalsite.client.refusals import TOLD, is_about_length, refused_feature
from evalsite.client.servers import MOST_FOUND, Pool, Server
from evalsite.client.transport import Timeouts, Transport
from evalsite.client.trying import UNREADABLE, Losses, Missing, Outcome, Tries, given_up
from evalsite.client.waiting import Notice, Notify, Troubles, unheard
from evalsite.errors import EndpointError, EndpointFaultError, UsageError
from evalsite.rundir.schema import Completion, Prompt, Settings
from evalsite.words.moments import stamp

log = logging.getLogger("evalsite")

SEED_STEP = 1_000_003
"""Apart by a large prime, the samples of runs with the seeds 1, 2, 3, ... never share a seed."""

SAMPLE_SEED = f"(seed + {SEED_STEP} * sample) % 2**31"
"""What :func:`seed_for` returns, for the record."""

FEWEST_REFUSALS = 3
"""So many problems, where there are as many, have to be refused before the first answer to end it."""

MOST_CHOICES = 32
"""Asked for in one request: more would put too much at stake in it."""


_Outcomes = Outbox[list[Outcome] | Exception | None]
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

    clock = staticmethod(time.perf_counter)
    """The seconds by which answers are timed; a subclass may have a clock of its own."""

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
        if concurrency < 0:
            raise UsageError("the concurrency has to be at least 1, or 0 to find it out")
        self._settings = settings
        self._model = model
        self._concurrency = concurrency or MOST_FOUND
        self._timeouts = timeouts or Timeouts()
        sent, secrets = access(endpoints, headers, api_key)
        self._transport = Transport(self._timeouts, sent, secrets, self.clock)
        self._pool = Pool(endpoints, self._timeouts, concurrency)
        self._troubles = Troubles(unheard)
        self._answered = False
        self._doubtful: list[tuple[RefusalError, list[Outcome]]] = []
        self._losses = Losses(concurrency or MOST_FOUND)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._transport.__aexit__(*exc_info)

    @property
    def concurrency(self) -> int:
        """Requests that are in flight at most."""
        return self._concurrency

    def notify(self, notify: Notify) -> None:
        """Say from now on what keeps requests waiting, and what servers do not take."""
        self._troubles.tell = notify

    def trust(self) -> None:
        """Take it that the servers have answered before: what they refuse now is this prompt's own matter."""
        self._answered = True

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
        outcomes: _Outcomes = Outbox(2 * self._concurrency)
        producer = asyncio.create_task(self._produce(work, outcomes))
        try:
            while (batch := await outcomes.take()) is not None:
                if isinstance(batch, Exception):
                    raise batch
                for outcome in batch:
                    yield outcome
        finally:
            producer.cancel()
            await asyncio.wait([producer])

    async def _produce(self, work: Iterable[Work], outcomes: _Outcomes) -> None:
        feed = Feed(work, self._share)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._concurrency):
                    group.create_task(self._worker(feed, outcomes))
        except ExceptionGroup as raised:
            outcomes.put(raised.exceptions[0])
        else:
            outcomes.put(self._doubtful[0][0] if self._doubtful else None)

    async def _worker(self, feed: Feed, outcomes: _Outcomes) -> None:
        async for prompt, samples in feed:
            await outcomes.enter()
            got, leftover = await self._serve(prompt, samples)
            feed.done((prompt, leftover) if leftover else None)
            outcomes.put(got)
            self._losses.add(got)

    async def _serve(self, prompt: Prompt, samples: Sequence[int]) -> tuple[list[Outcome], Sequence[int]]:
        """Ask for samples once; return what came of it, and the samples that have to be asked for again."""
        try:
            answer, attempts = await self._ask(prompt, samples)
        except FaultError as fault:
            return self._missing(prompt, samples[:1], fault, fault.kind), samples[1:]
        except RefusalError as refusal:
            if refusal.for_every_prompt:
                raise
            return self._refused(prompt, samples, refusal), ()
        asked = samples[: answer.asked]  # a server may give more, which nobody's seed or turn belongs to
        given = [answer.choices[place] for place in sorted(answer.choices)]
        got: list[Outcome] = [
            self._withheld(prompt, sample, choice)
            if choice.filtered
            else self.completion(prompt, sample, answer, choice, attempts)
            for sample, choice in zip(asked, given, strict=False)
        ]
        self._answered = True
        return (self._cleared() + got if self._doubtful else got), samples[len(got) :]

    def _refused(self, prompt: Prompt, samples: Sequence[int], refusal: RefusalError) -> list[Outcome]:
        """Blame the prompt where the server has answered others; else wait for what it says to others."""
        lost = self._missing(prompt, samples, refusal, "refused")
        if self._answered:
            return lost
        self._doubtful.append((refusal, lost))
        refused = {missing[0].problem for each, missing in self._doubtful if not is_about_length(each.words)}
        enough = FEWEST_REFUSALS if not self._busy() else FEWEST_REFUSALS + self._concurrency
        if len(refused) >= enough:
            raise self._doubtful[0][0]
        return []

    def _busy(self) -> bool:
        """Whether requests are under way that may still be answered."""
        return any(server.outstanding for server in self._pool.servers)

    def _cleared(self) -> list[Outcome]:
        """The first answer: what was refused before was refused for its own sake."""
        lost = [outcome for _, missing in self._doubtful for outcome in missing]
        self._doubtful = []
        return lost

    async def _ask(self, prompt: Prompt, samples: Sequence[int]) -> tuple[protocol.Answer, int]:
        """Return an answer and the number of the attempt that brought it; holding back costs none."""
        tries = Tries(prompt.problem, self._timeouts, asyncio.get_running_loop().time())
        server: Server | None = None
        few = samples
        while True:
            server = await self._pool.take(avoid=server)
            sent_at = asyncio.get_running_loop().time()
            try:
                answer = await self._ask_server(server, prompt, few)
                if log.isEnabledFor(logging.INFO):
                    took_s = asyncio.get_running_loop().time() - sent_at
                    log.info("%s: %s of %s in %.1f s", prompt.problem, len(answer.choices), len(few), took_s)
                break
            except UnsupportedError as unsupported:
                tries.made += 1
                tries.failed += unsupported.counts
                if tries.used_up:
                    raise
                if unsupported.alone:
                    few = samples[:1]
                wait_s = 0.0
            except (FaultError, RefusalError) as failure:
                before = tries.failed
                wait_s = self._after(failure, server, sent_at, tries)
                if tries.failed > before:
                    few = samples[:1]  # some servers fail at several choices instead of refusing them
            finally:
                self._pool.release(server)
            if wait_s:
                await asyncio.sleep(wait_s)
        if len(few) < len(samples) and not server.gave_several:
            self._do_without(server, "choices", tries.last)
        return answer, tries.made + 1

    def _after(
        self, failure: FaultError | RefusalError, server: Server, sent_at: float, tries: Tries
    ) -> float:
        """Return the seconds to wait before this request is made again; raises the failure where it is not.

        Where the server as a whole is away or busy it is the server that rests, and nobody is to blame.
        """
        tries.last = failure.message
        log.info("%s: %s", tries.problem, failure.message)
        silent = tries.failed + 1 >= self._timeouts.attempts and server.is_silent_since(tries.began)
        if server.sends_away(failure) or silent:
            now = asyncio.get_running_loop().time()
            asked_s = failure.wait_s if isinstance(failure, FaultError) else None
            wait_s = server.hold(sent_at, asked_s, hasty=failure.is_busy)
            ends_at = server.patience_ends()
            if (now >= ends_at or (asked_s and now + wait_s > ends_at)) and not self._pool.others_can(server):
                raise given_up(failure, now - (server.away_since or now), wait_s)
            self._troubles.waits(server.endpoint.url, failure, self._pool.waiting + 1, wait_s)
            return 0.0
        if isinstance(failure, RefusalError):
            raise failure
        server.failed(tries.problem)
        return tries.fail(failure, proven=server.answers > 0)

    async def _ask_server(self, server: Server, prompt: Prompt, samples: Sequence[int]) -> protocol.Answer:
        features = server.features
        n = len(samples) if features.choices else 1
        seed = seed_for(self._settings.seed, samples[0])
        body = protocol.request_body(prompt, self._settings, features, model=self._model, n=n, seed=seed)
        try:
            answer = await self._transport.ask(
                server.endpoint,
                body,
                several=n > 1,
                reuse=features.reuse,
                watch=Watch(n) if self._settings.stop_loops else None,
            )
        except (RefusalError, FaultError) as failure:
            if feature := refused_feature(features, n, failure):
                self._do_without(server, feature, failure.message)
                raise UnsupportedError(feature, failure) from failure
            if n > 1 and isinstance(failure, RefusalError) and not failure.for_every_prompt:
                raise UnsupportedError("choices", failure, alone=True) from failure
            if isinstance(failure, FaultError) and failure.kind in UNREADABLE and features.stream:
                self._doubt_streams(server, failure)
            raise
        answer.asked = n
        server.answered(len(answer.choices))
        server.streamed_well |= answer.streamed
        self._troubles.over(server.endpoint.url)
        if n > 1 and len(answer.choices) == 1:
            self._do_without(server, "choices", "it gave one choice where several were asked for")
        return answer

    def _doubt_streams(self, server: Server, failure: FaultError) -> None:
        """Ask for no streams where a server's have been unreadable twice, and never were anything else."""
        server.bad_streams += 1
        if server.bad_streams >= 2 and not server.streamed_well:
            self._do_without(server, "stream", failure.message)

    def _do_without(self, server: Server, feature: str, why: str) -> None:
        if server.drop(feature) and feature in TOLD:
            self._troubles.tell(Notice("feature", server.endpoint.url, f"{TOLD[feature]} ({why})"))

    def _share(self, samples: Sequence[int]) -> int:
        """Return how many of the samples one request should ask for."""
        most = min(len(samples), most_choices(self._settings))
        return most if most == 1 or all(each.features.choices for each in self._pool.servers) else 1

    def completion(
        self, prompt: Prompt, sample: int, answer: protocol.Answer, choice: protocol.Choice, attempts: int
    ) -> Completion:
        """Return what one choice of an answer amounts to; a subclass may keep more of it."""
        first, ended = choice.first_token_at, choice.ended_at or answer.ended_at
        text = whole = choice.text
        if stops := protocol.stops_of(prompt, self._settings):
            text = protocol.cut_at(whole, stops)
        reason = choice.finish_reason and protocol.mend(choice.finish_reason)
        return Completion(
            problem=prompt.problem,
            sample=sample,
            text=text,
            form=prompt.form,
            calls=choice.calls.pieces(protocol.mend) or UNSET,
            finish_reason="stop" if len(text) < len(whole) else reason,
            reasoning=protocol.mend("".join(choice.reasoning)),
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=choice.tokens,
            tokens_from=choice.tokens_from,
            choices=len(answer.choices),
            seed=seed_for(self._settings.seed, sample),
            latency_s=round(ended - answer.started_at, 6),
            first_token_s=None if first is None else round(first - answer.started_at, 6),
            first_tokens=choice.first_tokens if choice.first_tokens > 1 else UNSET,
            attempts=attempts,
            model=protocol.model_id(answer.model),
            fingerprint=protocol.mend(answer.fingerprint),
            received_at=stamp(),
        )

    def _withheld(self, prompt: Prompt, sample: int, choice: protocol.Choice) -> Missing:
        error = f"the service's own filter took the answer away ({choice.finish_reason})"
        return Missing(problem=prompt.problem, sample=sample, error=error, kind="filtered")

    def _missing(
        self, prompt: Prompt, samples: Sequence[int], error: EndpointError, kind: str
    ) -> list[Outcome]:
        return [Missing(problem=prompt.problem, sample=s, error=error.message, kind=kind) for s in samples]
