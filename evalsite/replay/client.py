"""The client of the replay server: the real one, with its measured times scaled back to the recorded pace."""

from collections.abc import AsyncGenerator, Iterable

from msgspec.structs import replace

from evalsite.client import Client, Missing, Outcome, Work

SPEED = 10.0
"""The demo replays this many times as fast as it was recorded, or it would take minutes."""


class ReplayClient(Client):
    """Measures like any client, and multiplies what it measured by :data:`SPEED`.

    So the times of a replayed run are those of the recorded model, give or take ten times the error of
    measuring on loopback. The server says in its version that this was done, and every run records that.
    """

    async def generate(self, work: Iterable[Work]) -> AsyncGenerator[Outcome, None]:
        """Yield the outcomes of the real client, with their times at the recorded pace."""
        async for outcome in super().generate(work):
            yield (
                outcome
                if isinstance(outcome, Missing)
                else replace(
                    outcome,
                    latency_s=_scaled(outcome.latency_s),
                    first_token_s=_scaled(outcome.first_token_s),
                )
            )


def _scaled(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * SPEED, 6)
