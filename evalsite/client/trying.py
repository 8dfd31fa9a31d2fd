"""When to make a request again, and when to give up: one request, or all of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from evalsite.client.faults import FaultError, RefusalError
from evalsite.client.transport import Timeouts
from evalsite.errors import EndpointError, EndpointFaultError, EndpointRefusedError
from evalsite.rundir.schema import Completion

FEWEST_FAILURES = 5
"""So many requests in a row, and at least ``concurrency``, have to be lost before all is given up."""

FEWEST_CONNECTIONS = 2
"""The same for a server that cannot even be connected to: no prompt can be the reason."""

FEWEST_READINGS = 3
"""Attempts at a server that has never answered, where each brings something that cannot be read."""

UNREADABLE = frozenset({"malformed", "html", "no-choices", "cut-off"})
"""Kinds of failure that are about the shape of an answer."""

MOST_DOUBLINGS = 32


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A sample that could not be had: not a verdict on the model. ``error`` says why, without secrets."""

    problem: str
    sample: int
    error: str
    kind: str
    """Of the last failure: connect, reset, timeout, http, html, malformed, cut-off, refused, filtered, ..."""


Outcome = Completion | Missing


@dataclass(slots=True)
class Tries:
    """What one request has been through; times are on the event loop's clock."""

    problem: str
    limits: Timeouts
    began: float
    made: int = 0
    """Times that it was made in vain, for whatever is no fault of the server as a whole."""
    failed: int = 0
    """Of those the failures."""
    last: str = ""
    """What the last failure said."""
    _unread: int = 0

    @property
    def used_up(self) -> bool:
        """Whether it has failed as often as it may."""
        return self.failed >= self.limits.attempts

    def fail(self, failure: FaultError, *, proven: bool) -> float:
        """Count a failure; return the seconds to wait, and raise it where that was the last.

        ``proven``: the server has answered before. Of one that has not, what cannot be read will stay so.
        """
        self.made += 1
        self.failed += 1
        odd = failure.kind in UNREADABLE or (failure.kind == "http" and not failure.status)
        self._unread = self._unread + 1 if odd else 0
        if self.used_up or (self._unread >= FEWEST_READINGS and not proven):
            raise failure
        return self.wait_s(failure)

    def wait_s(self, failure: FaultError) -> float:
        """Return how long to wait: what the server asks for, if it is no more than our longest wait; else
        twice as long as last time.
        """
        doublings = min(self.failed - 1, MOST_DOUBLINGS)
        ours = min(self.limits.longest_wait_s, self.limits.first_wait_s * 2.0**doublings)
        wait_s = min(failure.wait_s or ours, self.limits.longest_wait_s)
        return wait_s * random.uniform(1.0, 1.25)  # noqa: S311 - or all requests come back at once


@dataclass
class Losses:
    """Requests that were lost in a row, with no answer in between."""

    concurrency: int
    _in_a_row: int = 0
    _refused: set[str] = field(default_factory=set)

    def add(self, got: Sequence[Outcome]) -> None:
        """Note what came of a request; raises EndpointFaultError where going on makes no sense."""
        lost = [outcome for outcome in got if isinstance(outcome, Missing) and outcome.kind != "filtered"]
        if len(lost) < len(got):
            self._in_a_row = 0
            self._refused.clear()
            return
        if not lost:
            return
        if lost[-1].kind == "refused":  # many samples of one long prompt are one refusal
            self._refused.add(lost[-1].problem)
            self._in_a_row = max(self._in_a_row, len(self._refused))
        else:
            self._in_a_row += 1
        dead = lost[-1].kind == "connect"
        if self._in_a_row >= (FEWEST_CONNECTIONS if dead else max(self.concurrency, FEWEST_FAILURES)):
            raise EndpointFaultError(
                f"{self._in_a_row} requests in a row were lost; the last: {lost[-1].error}",
                hint="Nothing is lost: `evalsite resume RUN` asks for what is missing.",
            )


def given_up(failure: FaultError | RefusalError, away_s: float, wait_s: float) -> EndpointError:
    """Say how long a server was waited for, or would have to be."""
    waited = f"waited {away_s:.0f} s for it" if away_s >= 1 else "not waited for"
    asked = f", and it asks for {wait_s:.0f} s more" if wait_s > away_s else ""
    kind = EndpointRefusedError if isinstance(failure, RefusalError) else EndpointFaultError
    return kind(
        f"{failure.message} ({waited}{asked})",
        hint="Nothing is lost: `evalsite resume RUN` asks for what is missing; --patience waits longer.",
    )
