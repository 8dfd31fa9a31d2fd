"""The client, for answers whose log-probabilities are what is wanted."""

from typing import Any

from msgspec import structs

from evalsite.client.core import Client
from evalsite.client.protocol import Answer, Choice
from evalsite.rundir.schema import Completion, Prompt


class Scored(Completion, frozen=True, kw_only=True):
    """An answer with what the server told of log-probabilities."""

    logprobs: Any = None


class ScoringClient(Client):
    """Asks as any client does, with its retries and its patience, and keeps log-probabilities."""

    def completion(
        self, prompt: Prompt, sample: int, answer: Answer, choice: Choice, attempts: int
    ) -> Completion:
        """Return the answer as it came: nothing of it is cut."""
        plain = super().completion(prompt, sample, answer, choice, attempts)
        return Scored(**structs.asdict(plain), logprobs=choice.logprobs)
