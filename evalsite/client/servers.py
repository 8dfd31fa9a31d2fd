"""Several servers of one model: who gets the next request, how many at once, and who is waited for."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from evalsite.client.endpoints import Endpoint
from evalsite.client.faults import FaultError, RefusalError
from evalsite.client.pausing import Pauses
from evalsite.client.protocol import Features
from evalsite.client.transport import Timeouts
from evalsite.client.trying import MOST_DOUBLINGS

FEATURES_AGAIN = 100
"""Answers after which a feature that was refused is tried again; twice as many each time."""

TRIED_AGAIN = ("stream", "stream_usage", "choices")
"""Features that a server may take later; the others are names and habits of it, which stay."""

MOST_FOUND = 256
"""Requests in flight at most, where nobody says how many."""

FIRST_FOUND = 4
"""With so many at once finding out begins."""

WORTH_MORE = 1.15
"""So many times as many answers a second twice as many requests have to bring, to be worth their waiting."""

ROUNDS_AGAIN = 10
"""After so many times as many answers as requests in flight more are tried; where in vain, twice as many."""


@dataclass
class Server:
    """One endpoint at work: what it takes, and how much. Times are on the event loop's clock.

    Of requests in flight it gets at most ``limit``: all it may get (``ceiling``) at first, half as many each
    time that it refuses some for haste, but as many as it has taken meanwhile, one while it is away; and more
    again with each answer (additive increase and multiplicative decrease, with the slow start of RFC 5681 up
    to where it failed last).
    """

    endpoint: Endpoint
    timeouts: Timeouts
    ceiling: int
    features: Features = field(default_factory=Features)
    outstanding: int = 0
    shunned_until: float = 0.0
    """Until then others are preferred."""
    failures: int = 0
    """Failures since the last answer."""
    gave_several: bool = False
    """True once an answer has held more than one choice."""
    streamed_well: bool = False
    """True once a stream could be read to its end."""
    bad_streams: int = 0
    """Streams that could not be read."""
    answers: int = 0
    last_answer_at: float = float("-inf")
    away_since: float | None = None
    """When it began to send everybody away; None while it does not."""
    failing: set[str] = field(default_factory=set)
    """Problems whose requests failed since the last answer."""

    def __post_init__(self) -> None:
        self._finding = self.ceiling == 0
        """Whether it is still to be found out how many requests at once it answers."""
        self.ceiling = self.ceiling or MOST_FOUND
        self.limit = self._threshold = float(FIRST_FOUND if self._finding else self.ceiling)
        self._best_per_s = 0.0
        self._rounds, self._looks_at = ROUNDS_AGAIN, 0
        self._round = (0, float("-inf"))
        self._taken = 0
        self._hasty = False
        self.pauses = Pauses(self.timeouts)
        self._tries_again: dict[str, tuple[int, int]] = {}

    def has_room(self, now: float) -> bool:
        """Whether another request may go there now."""
        if self.pauses.until > now:  # in place of one that it has answered it takes another
            return self.outstanding < self._taken and not self.pauses.asked
        return self.outstanding < max(1, int(self.limit))

    def sent(self) -> None:
        """A request is sent to it."""
        self.outstanding += 1
        if self.pauses.sends_first() and self._hasty:
            self.limit = min(self.ceiling, max(self.limit, self.outstanding + 1))

    def drop(self, feature: str) -> bool:
        """Do without a feature; return whether that is news to whoever is told of it."""
        first = feature not in self._tries_again
        if feature in TRIED_AGAIN:
            step = FEATURES_AGAIN if first else 2 * self._tries_again[feature][1]
            self._tries_again[feature] = (self.answers + step, step)
        news = first and self.features != self.features.without(feature)
        self.features = self.features.without(feature)
        return news

    def answered(self, choices: int) -> None:
        """Forget earlier failures, let more requests in, and try again what was refused long ago."""
        self.failures = 0
        self.answers += 1
        self.last_answer_at = asyncio.get_running_loop().time()
        self.gave_several |= choices > 1
        self.away_since = None
        if self.failing:
            self.failing = set()
        if self._finding or 0 < self._looks_at <= self.answers:
            self._find()
        elif self.limit < self.ceiling:
            more = 1.0 if self.limit < self._threshold else 1.0 / self.limit
            self.limit = min(self.ceiling, self.limit + more)
        if self._tries_again:
            self._try_again()

    def _find(self) -> None:
        """Double what it gets as long as that brings more answers a second; else go back, and look later."""
        begun, since = self._round
        now = self.last_answer_at
        if not self._finding:
            self._finding, self._looks_at, self._best_per_s = True, 0, 0.0
            self._round = (self.answers, now)
            self.ceiling = MOST_FOUND
        elif since == float("-inf"):
            self._round = (self.answers, now)
        elif self.answers - begun >= 2 * self.limit and now > since:
            per_s = (self.answers - begun) / (now - since)
            if per_s < WORTH_MORE * self._best_per_s or self.limit >= MOST_FOUND:
                self._finding = False
                self.limit = max(1.0, self.limit / 2)
                self._rounds = ROUNDS_AGAIN if self.limit > self._threshold else 2 * self._rounds
                self._looks_at = self.answers + int(self._rounds * self.limit)
                self.ceiling, self._threshold = int(self.limit), self.limit
            else:
                self.limit *= 2
            self._best_per_s = max(self._best_per_s, per_s)
            self._round = (self.answers, now)

    def _try_again(self) -> None:
        for feature, (when, _) in self._tries_again.items():
            if when == self.answers:
                self.features = self.features.having(feature)

    def failed(self, problem: str) -> None:
        """Leave the server in peace, twice as long as after its last failure, where there are others."""
        self.failing.add(problem)
        wait_s = min(self.timeouts.longest_wait_s, self.timeouts.first_wait_s * 2.0**self.failures)
        self.shunned_until = asyncio.get_running_loop().time() + wait_s
        self.failures = min(self.failures + 1, MOST_DOUBLINGS)

    def hold(self, sent_at: float, asked_s: float | None, *, hasty: bool) -> float:
        """Send nothing for a while; return the seconds. ``hasty``: it refuses requests for their number."""
        now = asyncio.get_running_loop().time()
        if self.away_since is None:
            self.away_since = now
        self._finding = False
        if self.pauses.begin(sent_at, asked_s, self.patience_ends()):
            self._threshold = max(1.0, self.limit / 2) if hasty else max(self._threshold, self.limit / 2)
        self._hasty = hasty
        # With the last of several refusals those are left that it has taken; another may be tried.
        self._taken = self.outstanding - 1 if hasty else 0
        self.limit = min(self.ceiling, max(self._threshold, self._taken + 1)) if hasty else 1.0
        return max(0.0, self.pauses.until - now)

    def patience_ends(self) -> float:
        """When waiting for this server has been long enough; only while it is away.

        One that said how long to wait is there, as is one that has answered.
        """
        unproven = min(self.timeouts.patience_s, self.timeouts.unproven_s)
        there = self.answers or self.pauses.named
        return (self.away_since or 0.0) + (self.timeouts.patience_s if there else unproven)

    def sends_away(self, failure: FaultError | RefusalError) -> bool:
        """Whether a failure is about the server as a whole, so that no request is to blame.

        A gateway's words about what stands behind it, and a key or path that it took before, are such only of
        a server that has answered.
        """
        if failure.is_busy:
            return True
        return bool(self.answers) and failure.is_away

    def is_silent_since(self, moment: float) -> bool:
        """Whether it answered before, but none of several problems since then."""
        return bool(self.answers) and self.last_answer_at < moment and len(self.failing) > 1


class Pool:
    """Servers of the same model; the next request goes to the one with the fewest outstanding."""

    def __init__(self, endpoints: Sequence[Endpoint], timeouts: Timeouts, ceiling: int) -> None:
        self.servers = tuple(Server(endpoint, timeouts, ceiling) for endpoint in endpoints)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """Requests that wait for a server to take them."""
        return len(self._waiting)

    async def take(self, avoid: Server | None = None) -> Server:
        """Wait for a server that has room, and count a request as sent to it: :meth:`release` it.

        ``avoid`` is the one that has just failed the same request: another gets the next try, if it can.
        """
        loop = asyncio.get_running_loop()
        while (server := self._pick(avoid, now := loop.time())) is None:
            turn = loop.create_future()
            self._waiting.append(turn)
            self._set_alarm(now)
            try:
                await turn
            finally:
                if not turn.done() or turn.cancelled():
                    self._waiting = deque(other for other in self._waiting if other is not turn)
        server.sent()
        return server

    def release(self, server: Server) -> None:
        """A request is over, whatever came of it."""
        server.outstanding -= 1
        if self._waiting:
            self._wake()

    def others_can(self, server: Server) -> bool:
        """Whether another server is not away, or has not been for too long."""
        now = asyncio.get_running_loop().time()
        others = [other for other in self.servers if other is not server]
        return any(other.away_since is None or other.patience_ends() > now for other in others)

    def _pick(self, avoid: Server | None, now: float) -> Server | None:
        if len(self.servers) == 1:
            return self.servers[0] if self.servers[0].has_room(now) else None
        able = [server for server in self.servers if server.has_room(now)]
        others = [server for server in able if server is not avoid]
        if awake := [server for server in others if server.shunned_until <= now]:
            return min(awake, key=lambda server: server.outstanding)
        return min(able, key=lambda server: server.shunned_until, default=None)

    def _wake(self) -> None:
        """Let all that wait look again, in their order."""
        turns, self._waiting = self._waiting, deque()
        for turn in turns:
            if not turn.done():
                turn.set_result(None)

    def _set_alarm(self, now: float) -> None:
        """Look again when the first server has rested, of those that rested at the last look.

        By the time of that look, not a later one: of a pause that ends in between nobody would be told.
        """
        resting = [server.pauses.until for server in self.servers if server.pauses.until > now]
        if self._alarm is not None:
            self._alarm.cancel()
        when = min(resting, default=0.0) + 0.001
        self._alarm = asyncio.get_running_loop().call_at(when, self._wake) if resting else None
