"""Several servers of one model: who gets the next request, and who is left in peace for a while."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from evalsite.client.endpoints import Endpoint
from evalsite.client.protocol import Features

MOST_DOUBLINGS = 32


@dataclass
class Server:
    """One endpoint at work. ``rests_until`` is on the event loop's clock."""

    endpoint: Endpoint
    features: Features = field(default_factory=Features)
    outstanding: int = 0
    rests_until: float = 0.0
    failures: int = 0
    """Failures since the last answer."""
    gave_several: bool = False
    """True once an answer has held more than one choice."""

    def drop(self, feature: str) -> None:
        """Do without a feature from now on."""
        self.features = self.features.without(feature)

    def failed(self, first_s: float, longest_s: float, asked_s: float | None) -> None:
        """Leave the server in peace: as long as it asks, else twice as long as after its last failure."""
        rest_s = asked_s if asked_s is not None else min(longest_s, first_s * 2.0**self.failures)
        self.failures = min(self.failures + 1, MOST_DOUBLINGS)
        self.rests_until = max(self.rests_until, asyncio.get_running_loop().time() + rest_s)

    def answered(self, choices: int) -> None:
        """Forget earlier failures; remember that there were several choices."""
        self.failures = 0
        self.gave_several |= choices > 1


class Pool:
    """Servers of the same model; the next request goes to the one with the fewest outstanding."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.servers = tuple(Server(endpoint) for endpoint in endpoints)

    def pick(self, avoid: Server | None = None) -> Server:
        """Return the awake server with the fewest outstanding requests, else the first to wake up.

        ``avoid`` is the one that has just failed the same request: another gets the next try.
        """
        if len(self.servers) == 1:
            return self.servers[0]
        now = asyncio.get_running_loop().time()
        others = [server for server in self.servers if server is not avoid]
        if awake := [server for server in others if server.rests_until <= now]:
            return min(awake, key=lambda server: server.outstanding)
        return min(self.servers, key=lambda server: server.rests_until)
