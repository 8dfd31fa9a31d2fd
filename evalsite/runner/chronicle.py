"""What happens while a model is asked: written down, told, and counted against what may be spent."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from evalsite.client.examination import is_talk
from evalsite.client.trying import Missing
from evalsite.client.waiting import Notice
from evalsite.counts.symptoms import CountedLoops
from evalsite.events import Listener, remark
from evalsite.rundir.asked import CUT_OFF
from evalsite.rundir.beside import append_incidents
from evalsite.rundir.files import Appender
from evalsite.rundir.schema import Completion, Incident
from evalsite.rundir.store import RunDir
from evalsite.words.moments import stamp
from evalsite.words.sentences import count

MOST_REASONS = 10


@dataclass(frozen=True)
class Budget:
    """When to stop asking in any case; None is never. What was answered by then stays."""

    time_s: float | None = None
    tokens: int | None = None
    """Output tokens of the answers that come in this time of asking."""


UNBOUNDED = Budget()


class Chronicle:
    """Writes ``incidents.jsonl``, made with the first of them, and tells people. A context manager."""

    def __init__(self, run_dir: RunDir, listener: Listener) -> None:
        self._run_dir = run_dir
        self._listener = listener
        self.lost: list[Missing] = []
        self._open = ExitStack()
        self._file: Appender | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._open.close()

    def notice(self, notice: Notice) -> None:
        """Something keeps requests waiting, or is over, or is not taken by a server."""
        remark(self._listener, f"note: {notice.sentence}")
        self._write(
            Incident(
                at=stamp(),
                kind=notice.kind,
                message=notice.message,
                endpoint=notice.endpoint,
                waiting=notice.waiting,
                wait_s=round(notice.wait_s, 3),
            )
        )

    def missing(self, lost: Missing) -> None:
        """A sample could not be had."""
        self.lost.append(lost)
        self._write(
            Incident(at=stamp(), kind="missing", message=lost.error, problem=lost.problem, sample=lost.sample)
        )

    def reasons(self) -> dict[str, int]:
        """Why samples are missing -> how many, the most frequent first."""
        return dict(Counter(each.error for each in self.lost).most_common(MOST_REASONS))

    def _write(self, incident: Incident) -> None:
        if self._file is None:
            self._file = self._open.enter_context(append_incidents(self._run_dir))
        self._file.append(incident)


@dataclass
class Spending:
    """Counts what asking costs, and stops it at the end of its budget. A context manager, within a loop."""

    budget: Budget
    stop: asyncio.Event
    loops: CountedLoops = field(default_factory=lambda: CountedLoops.of(None))
    over: str = ""
    """What was used up; empty while nothing is."""
    tokens: int = 0
    answers: int = 0
    repeated: int = 0
    """Answers that took several attempts."""
    unspoken: int = 0
    """Answers that were thought and not said."""
    cut_thinking: int = 0
    """Those of them that the token limit cut off."""
    talked: int = 0
    """Answers that talk about code which they should go on with."""
    _alarm: asyncio.TimerHandle | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        if self.budget.time_s is not None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self.budget.time_s, self._end, "--time-limit")
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def answer(self, completion: Completion) -> None:
        """Count an answer."""
        self.answers += 1
        self.tokens += completion.completion_tokens or 0
        self.loops.add(completion)
        self.repeated += completion.attempts > 1
        if completion.reasoning and not completion.text.strip():
            self.unspoken += 1
            self.cut_thinking += completion.finish_reason in CUT_OFF
        self.talked += completion.form == "completion" and is_talk(completion.text)
        if self.budget.tokens is not None and self.tokens >= self.budget.tokens:
            self._end("--token-limit")

    def _end(self, why: str) -> None:
        if not self.stop.is_set():
            self.over = why
            self.stop.set()

    def sentences(self) -> Iterator[str]:
        """What should be known of how it went."""
        if self.over:
            yield f"note: stopped at {self.over}, after {self.tokens:,} tokens; what was answered is kept"
        if self.repeated:
            yield f"note: {count(self.repeated, 'sample')} needed several attempts"
        if (ended := self.loops.counts()) and ended.answers:
            yield f"note: {ended.sentence}"
        if 2 * self.cut_thinking > self.answers:
            yield (
                f"warning: {self.cut_thinking:,} of {count(self.answers, 'answer')} were cut off while the "
                "model was still thinking: raise --max-tokens"
            )
        elif 2 * self.unspoken > self.answers:
            yield (
                f"warning: {self.unspoken:,} of {count(self.answers, 'answer')} are empty, and all that was "
                "said is in the reasoning: is the server's reasoning parser the model's?"
            )
        if 2 * self.talked > self.answers:
            yield (
                f"warning: {self.talked:,} of {count(self.answers, 'answer')} talk about the code instead of "
                "going on with it: an instruct model is asked with --api chat"
            )
