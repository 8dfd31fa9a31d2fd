"""Both models asked along the same texts: what they name is on disk before anything is made of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from evalsite.client.description import Description, greet
from evalsite.client.endpoints import Endpoint, access
from evalsite.client.feed import Work
from evalsite.client.patience import Patience
from evalsite.client.transport import Timeouts, Transport
from evalsite.client.trying import Missing
from evalsite.distance.checks import refuse_other_tokens
from evalsite.distance.schema import Named, Side, Text, Way
from evalsite.distance.store import DistanceDir, Place, Who
from evalsite.events import Event, Listener, remark
from evalsite.forcing.scoring import Scored, ScoringClient
from evalsite.forcing.trying import Examiner, Trial
from evalsite.forcing.ways import UnhonouredError, as_row, joined, read_along, read_next, settings_for, up_to
from evalsite.rundir.files import Appender
from evalsite.rundir.schema import Model, Prompt
from evalsite.words.moments import stamp

MOST_REASONS = 10
FIRST = 2
"""Texts that both are asked before all others, to see whether they name the same tokens."""


@dataclass(frozen=True)
class Party:
    """One of the two models, and how it is reached. Nothing of it is recorded but the model."""

    model: Model
    endpoint: Endpoint
    timeouts: Timeouts = field(default_factory=Timeouts)
    concurrency: int = 4
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_key: str = field(default="", repr=False)

    async def greet(self) -> Description:
        """Return what the server tells of itself. Raises EndpointError where it cannot be reached."""
        return (await greet([self.endpoint], headers=self.headers, api_key=self.api_key))[0]

    async def examine(
        self, piece: Prompt, most: int, only: Way | None, listener: Listener, own: Sequence[Text]
    ) -> Trial:
        """Find out how the server can be asked; one that loads its model is waited for."""
        sent, secrets = access([self.endpoint], self.headers, self.api_key)
        patience = Patience(
            self.timeouts.unproven_s, lambda notice: remark(listener, f"note: {notice.sentence}")
        )
        async with Transport(self.timeouts, sent, secrets) as transport:
            examiner = Examiner(transport, self.endpoint, self.model.name, patience)
            return await examiner.find(piece, most, only, own)

    def client(self, side: Side) -> ScoringClient:
        """Return a client that asks as was found out, not yet started."""
        return ScoringClient(
            [self.endpoint],
            settings_for(side.way, side.api, side.most),
            model=self.model.name,
            concurrency=self.concurrency,
            timeouts=self.timeouts,
            headers=self.headers,
            api_key=self.api_key,
        )


async def measure(folder: DistanceDir, parties: tuple[Party, Party], listener: Listener) -> None:
    """Ask both for all that is lacking, then the baseline a second time, and write down how it ended.

    The folder's lock has to be held. Raises EndpointError where a server refuses for good, and
    :class:`RunError` where the two do not name the same tokens.
    """
    record, texts = folder.read(), folder.texts()
    again = [text for text in texts if text.problem in record.repeated]
    steps: list[tuple[Who, Sequence[Text]]] = [
        ("base", texts[:FIRST]), ("candidate", texts[:FIRST]),
        ("base", texts), ("candidate", texts), ("repeat", again),
    ]  # fmt: skip
    lost: Counter[str] = Counter()
    status: Literal["complete", "incomplete", "interrupted"] = "incomplete"
    try:
        for number, (who, some) in enumerate(steps):
            party, side = (parties[1], record.candidate) if who == "candidate" else (parties[0], record.base)
            lost.clear() if number == FIRST else None
            await _Leading(folder, who, party, side, listener, lost).along(some)
            if number in (1, 3):
                _check(folder, (record.base, record.candidate))
        status = "incomplete" if lost else "complete"
    except (asyncio.CancelledError, KeyboardInterrupt):
        status = "interrupted"
        raise
    finally:
        reasons = dict(lost.most_common(MOST_REASONS))
        folder.write(replace(folder.read(), status=status, finished_at=stamp(), lost=reasons))


def _check(folder: DistanceDir, sides: tuple[Side, Side]) -> None:
    refuse_other_tokens(list(folder.named("base")), list(folder.named("candidate")), sides)


@dataclass
class _Leading:
    """One side, led along texts."""

    folder: DistanceDir
    who: Who
    party: Party
    side: Side
    listener: Listener
    lost: Counter[str]

    async def along(self, texts: Sequence[Text]) -> None:
        have = set(self.folder.places(self.who))
        wanted = [(text.problem, at) for text in texts for at in text.positions]
        lacking = {
            text.problem: [at for at in text.positions if (text.problem, at) not in have] for text in texts
        }
        done, total = len(have.intersection(wanted)), len(wanted)
        if done == total:
            return
        by_problem = {text.problem: text for text in texts}
        self._tell(done, total)
        with self.folder.append(self.who) as rows:
            async with self.party.client(self.side) as client:
                if have:
                    client.trust()
                client.notify(lambda notice: remark(self.listener, f"note: {notice.sentence}"))
                async with aclosing(client.generate(self._work(texts, lacking))) as outcomes:
                    async for outcome in outcomes:
                        text = by_problem[outcome.problem]
                        places = [text.positions[outcome.sample]]
                        if self.side.way != "prefix":
                            places = lacking[text.problem]
                        if isinstance(outcome, Missing):
                            self.lost[outcome.error] += len(places)
                        else:
                            assert isinstance(outcome, Scored)
                            self._keep(rows, text, places, outcome)
                            done += len(places)
                        self._tell(done, total)

    def _work(self, texts: Sequence[Text], lacking: Mapping[str, Sequence[int]]) -> Iterator[Work]:
        """A problem's positions in order, so that a server finds most of each prefix in its cache."""
        for text in texts:
            places = lacking[text.problem]
            if self.side.way != "prefix" and places:
                yield Prompt(problem=text.problem, text=text.text, form="completion"), (0,)
            elif self.side.way == "prefix":
                for at in places:
                    prompt = up_to(text, at)
                    asked = prompt if self.side.api == "chat" else joined(prompt)
                    yield asked, (text.positions.index(at),)

    def _keep(self, rows: Appender, text: Text, places: Sequence[int], answer: Scored) -> None:
        try:
            found = self._read(text, places, answer)
        except UnhonouredError as exc:
            self.lost[str(exc)] += len(places)
            return
        for row in found:
            rows.append(row)

    def _read(self, text: Text, places: Sequence[int], answer: Scored) -> list[Named]:
        """The rows of an answer; a place at which no token begins has one without tokens."""
        if self.side.way == "prefix":
            step = read_next(answer.logprobs)
            row = as_row(text.problem, places[0], step, answer.prompt_tokens, self.side.most)
            return [replace(row, token="", logprob=None)]  # what it would say, which is no word on the text
        steps = read_along(answer.logprobs, text.text)
        return [
            as_row(text.problem, at, steps[at], answer.prompt_tokens, self.side.most)
            if at in steps
            else Named(problem=text.problem, at=at, tokens=(), logprobs=())
            for at in places
        ]

    def _tell(self, done: int, total: int) -> None:
        again = " once more" if self.who == "repeat" else ""
        self.listener(Event("trying", about=f"{self.party.model.name}{again}", done=done, total=total))


def lacking_places(folder: DistanceDir) -> dict[Who, list[Place]]:
    """What each side still has to be asked."""
    record, texts = folder.read(), folder.texts()
    wanted = [(text.problem, at) for text in texts for at in text.positions]
    again = [place for place in wanted if place[0] in record.repeated]
    parts: dict[Who, list[Place]] = {"base": wanted, "candidate": wanted, "repeat": again}
    have = {who: set(folder.places(who)) for who in parts}
    return {who: [each for each in some if each not in have[who]] for who, some in parts.items()}
