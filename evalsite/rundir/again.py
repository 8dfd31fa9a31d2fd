"""A sample's second answer, to what came of its first one: a line of ``turns.jsonl``."""

from msgspec import UNSET, UnsetType

from evalsite.rundir.calls import CallPiece
from evalsite.rundir.rows import Count, Number, Row, Seconds


class SecondAnswer(Row, frozen=True, kw_only=True):
    """What a model answered once it had been told what came of its first answer, raw.

    It belongs to the completion with the same key, whose :attr:`Completion.again` it becomes.
    """

    problem: str
    sample: Number
    said: str
    """What was sent back to the model, exactly."""
    text: str
    calls: tuple[CallPiece, ...] | UnsetType = UNSET
    """As in a completion."""
    finish_reason: str | None = None
    """The server's word, as in a completion."""
    reasoning: str = ""
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    latency_s: Seconds | None = None
    attempts: Count = 1
    received_at: str = ""
