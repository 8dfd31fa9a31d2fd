"""What stands in every file of a distance's directory, as frozen structs. No I/O happens here.

A text (:class:`Text`) is a problem's prompt with code behind it that neither model wrote. At chosen positions
of it each side was asked what comes next, and named tokens with their log-probabilities (:class:`Named`).
Logarithms are natural ones: distances are in nats. Positions are characters from the text's beginning.
"""

from typing import Annotated, Any, Literal

import msgspec

from evalsite.rundir.rows import Count, Row
from evalsite.rundir.schema import DEFAULT_LANGUAGE, Dataset, Environment, Model, Sighting
from evalsite.rundir.schema import Api as Api

FORMAT = 1
"""Version of the directory's layout. A reader refuses a higher one."""

Way = Literal["prompt_logprobs", "echo", "prefix"]
"""How a server is asked: log-probabilities of a whole prompt by vLLM's own field, or by ``echo``, in one
request a text; or each position's prefix by itself, with one token to follow."""

Over = Literal["reference", "answers"]
Logprob = Annotated[float, msgspec.Meta(ge=-1e6, le=1e-3)]
"""A natural logarithm of a probability; servers round, so that it may exceed 0 a little."""

SLACK = 0.1
"""By how much probabilities may add up to more than 1: some servers reckon with half the digits."""

WAYS: dict[Way, str] = {
    "prompt_logprobs": "one request a text (prompt_logprobs)",
    "echo": "one request a text (echo)",
    "prefix": "one request a position",
}
"""Way -> in words."""


class Side(Row, frozen=True, kw_only=True):
    """One of the two models, and how it was asked."""

    model: Model
    way: Way
    api: Api = "completions"
    most: Count
    """Tokens that it was asked to name at each position."""
    named: Count
    """Tokens that it named when it was tried: servers give as many as they like."""


class Distance(Row, frozen=True, kw_only=True):
    """``distance.json``: which models were held against each other, over which texts, and how it ended."""

    format: int = FORMAT
    id: str
    status: Literal["running", "complete", "incomplete", "interrupted"]
    created_at: str
    finished_at: str = ""
    identity: str
    """Hash over :attr:`identity_of`."""
    identity_of: dict[str, Any]
    base: Side
    candidate: Side
    dataset: Dataset
    over: Over = "reference"
    """What stands behind each prompt: the reference solution, or the answers of :attr:`run`."""
    run: str = ""
    """Id of the run whose answers the texts are made of; empty where they are reference solutions."""
    num_positions: Count
    """Positions chosen, of all texts together."""
    seed: Count
    """By which positions were chosen."""
    rule: str
    """How positions were chosen, such as ``words-v1`` (:mod:`evalsite.distance.positions`)."""
    repeated: tuple[str, ...]
    """The problems at which the baseline is asked a second time, to see what is noise."""
    environment: Environment
    sightings: tuple[Sighting, ...] = ()
    """What the servers told of themselves at the beginning, and whenever asking went on."""
    lost: dict[str, Count] = {}
    """Why positions could not be had when asking ended last -> how many; at most ten reasons."""


class Text(Row, frozen=True, kw_only=True):
    """A line of ``texts.jsonl``: what both models were led along."""

    problem: str
    text: str
    begins: Count
    """Where the code begins that positions are chosen in; the prompt stands before it. By the chat API that
    is the user's message, and what follows the beginning of the answer."""
    positions: tuple[Count, ...]
    """Where the next token was asked for, ascending."""
    language: str = DEFAULT_LANGUAGE


class Named(Row, frozen=True, kw_only=True):
    """A line of ``base.jsonl``, ``candidate.jsonl`` or ``repeat.jsonl``: what a model says comes next."""

    problem: str
    at: Count
    tokens: tuple[str, ...]
    """The likeliest first. One that is no text of its own is spelled by its bytes, such as
    ``<0xE2><0x82>``.
    """
    logprobs: tuple[Logprob, ...]
    """Of each of them."""
    token: str = ""
    """The token that the text goes on with here, where the server tells its tokens."""
    logprob: Logprob | None = None
    """Of that token."""
    prompt_tokens: Count | None = None
    """Tokens that stand before, by the server's count; of a text asked in one request, all of it."""
