"""Several servers of one model: who gets the next request, and who is left in peace for a while."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from evalsite.generate.client.endpoints import Endpoint
from evalsite.generate.client.wire import Features


@dataclass
class Server:
    """One endpoint at work. ``rests_until`` is on the event loop's clock."""

    endpoint: Endpoint
    features: Features = field(default_factory=Features)
    outstanding: int = 0
    rests_until: float = 0.0

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request as outstanding while it lasts."""
        self.outstanding += 1
        try:
            yield
        finally:
            self.outstanding -= 1

    def drop(self, feature: str) -> None:
        """Do without a feature from now on."""
        self.features = self.features.without(feature)

    def rest(self, seconds: float) -> None:
        """Ask nothing of this server for so long, unless there is no other."""
        self.rests_until = max(self.rests_until, asyncio.get_running_loop().time() + seconds)


class Pool:
    """Servers of the same model; the next request goes to the one with the fewest outstanding."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.servers = tuple(Server(endpoint) for endpoint in endpoints)

    def pick(self) -> Server:
        """Return the awake server with the fewest outstanding requests, else the first to wake up."""
        if len(self.servers) == 1:
            return self.servers[0]
        now = asyncio.get_running_loop().time()
        awake = [server for server in self.servers if server.rests_until <= now]
        if awake:
            return min(awake, key=lambda server: server.outstanding)
        return min(self.servers, key=lambda server: server.rests_until)
