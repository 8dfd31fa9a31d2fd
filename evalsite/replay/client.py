"""The client of the replay server: the real one, by a clock that goes as much faster as the replay does."""

from evalsite.client.core import Client

SPEED = 10.0
"""The demo replays this many times as fast as it was recorded, or it would take minutes."""


class ReplayClient(Client):
    """Measures like any client, in seconds of which :data:`SPEED` go into one.

    So the times of a replayed run are those of the recorded model, give or take ten times the error of
    measuring on loopback. The server says in its version that this was done, and every run records that.
    """

    @staticmethod
    def clock() -> float:
        """Return seconds at the recorded pace."""
        return SPEED * Client.clock()
