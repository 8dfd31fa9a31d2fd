"""The two OpenAI-compatible APIs: what a request says, what an answer is, and when it is whole. Pure."""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from evalsite.client.finishing import is_abort, is_filter
from evalsite.client.reported import Calls
from evalsite.rundir.schema import Prompt, Settings

MOST_TOKENS = 2**53
"""The largest count that is believed, and the largest that every reader of JSON holds exactly."""

MOST_STOPS = 4
"""Stop sequences in a request: OpenAI, Azure and TGI refuse a fifth."""


class UnusableError(Exception):
    """An answer arrived that is no completion. ``kind`` is html, malformed, cut-off, no-choices, ...

    ``status`` is the HTTP status that the answer's own words amount to, where it came with 200.
    """

    def __init__(self, kind: str, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


@dataclass(frozen=True)
class Features:
    """What a server takes, as far as is known: each is tried until it is refused."""

    stream: bool = True
    stream_usage: bool = True
    choices: bool = True
    """Several choices (``n``) for one request."""
    reuse: bool = True
    """Connections for several requests. llama.cpp's server closes them behind a stream without a word."""
    continues: bool = True
    """Fields that ask to go on with the beginning of an answer."""
    stops: bool = True
    """Stop sequences; answers are cut at them in any case."""
    tokens_field: str = "max_tokens"

    def without(self, feature: str) -> "Features":
        """Return the features less one: the name of a flag, or ``max_tokens`` for that field's old name."""
        old_name = feature == "max_tokens"
        changes: dict[str, Any] = {"tokens_field": "max_completion_tokens"} if old_name else {feature: False}
        return replace(self, **changes)

    def having(self, feature: str) -> "Features":
        """Return the features with one more: the name of a flag."""
        changes: dict[str, Any] = {feature: True}
        return replace(self, **changes)


@dataclass(slots=True)
class Choice:
    """One answer as it grows. Times are in seconds on the caller's clock."""

    pieces: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    first_token_at: float | None = None
    ended_at: float | None = None
    """When its own finish reason came; None unless streamed."""
    chunks: int = 0
    """Stream events that carried text: about one for each token, with servers that do not gather them."""
    first_chunks: int = 0
    """How many of them came with the first read that brought any."""
    bare_end: bool = False
    """Whether its end came in an event without text, as it does where the end is a token of its own."""
    tokens: int | None = None
    tokens_from: Literal["usage", "shared", "chunks"] | None = None
    first_tokens: int = 1
    """Output tokens that had come at :attr:`first_token_at`. :func:`evalsite.client.tokens.count_tokens` sets
    it and the two before."""
    ends: int = 0
    """How often the choice came to an end; more than once where it is really several."""
    told: bool = False
    """Whether any event held what an answer is made of, if only an empty piece."""
    told_whole: bool = False
    """Whether an event held a whole ``message``, which is no part of a stream."""

    calls: Calls = field(default_factory=Calls)
    logprobs: Any = None
    """What a whole answer told of log-probabilities, as it stood there; None where nothing was told."""

    @property
    def text(self) -> str:
        """The answer so far."""
        return mend("".join(self.pieces))

    @property
    def filtered(self) -> bool:
        """Whether the service's own filter took the answer away: that is no word of the model's."""
        return is_filter(self.finish_reason)


@dataclass(slots=True)
class Answer:
    """Everything one request brought. ``choices`` is keyed by the server's index."""

    choices: dict[int, Choice] = field(default_factory=dict)
    streamed: bool = False
    finished: bool = False
    """True once the stream's own end mark (``[DONE]``) was read."""
    model: str = ""
    fingerprint: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    asked: int = 1
    """How many choices were asked for."""
    broken_off: bool = False
    """Whether nobody read on, since all that was still growing repeated itself."""
    started_at: float = 0.0
    ended_at: float = 0.0


def request_body(
    prompt: Prompt, settings: Settings, features: Features, *, model: str, n: int, seed: int | None
) -> bytes:
    """Write the JSON of one request. The stop sequences of a style go to the completions API only."""
    body: dict[str, Any] = {"model": model}
    if settings.api == "chat":
        body["messages"] = messages_of(prompt, settings)
        if prompt.tools:
            body["tools"] = prompt.tools
            body["tool_choice"] = settings.tool_choice
        if prompt.prefill and features.continues:
            body |= CONTINUES
    else:
        body["prompt"] = prompt.text
        if prompt.suffix:
            body["suffix"] = prompt.suffix
    if features.stops and (stop := stops_sent(prompt, settings)):
        body["stop"] = stop
    body |= _sampling(settings)
    body[features.tokens_field] = settings.max_tokens
    if seed is not None:
        body["seed"] = seed
    if n > 1:
        body["n"] = n
    if settings.stream and features.stream:
        body["stream"] = True
        if features.stream_usage:
            body["stream_options"] = {"include_usage": True}
    return msgspec.json.encode(body)


CONTINUES: Mapping[str, Any] = {"continue_final_message": True, "add_generation_prompt": False}
"""By these vLLM and SGLang go on with a beginning instead of answering it; others do so by themselves."""


def messages_of(prompt: Prompt, settings: Settings) -> list[dict[str, Any]]:
    """What is said before the answer by the chat API, and its beginning where there is one."""
    said = list(prompt.messages)
    if not said:
        parts = (("user", prompt.text), ("assistant", prompt.prefill))
        said = [{"role": role, "content": text} for role, text in parts if text or role == "user"]
    system = [{"role": "system", "content": settings.system}] if settings.system else []
    at = next((index for index, each in enumerate(said) if each.get("role") != "system"), len(said))
    return [*system, *said[:at], *prompt.before, *said[at:]]


def _sampling(settings: Settings) -> dict[str, Any]:
    """Return what is asked of the sampler and the model; nothing that is the API's own default is sent."""
    wanted = {
        "top_p": None if settings.top_p == 1 else settings.top_p,  # some servers refuse a 1
        "top_k": settings.top_k,
        "min_p": settings.min_p,
        "reasoning_effort": settings.reasoning_effort or None,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return {"temperature": settings.temperature, **given, **settings.extra}


def fields_sent(settings: Settings) -> dict[str, Any]:
    """Return what every request says besides prompt, model, seed and stop sequences, for the record."""
    streams = {"stream": True, "stream_options": {"include_usage": True}} if settings.stream else {}
    return {**_sampling(settings), "max_tokens": settings.max_tokens, **streams}


def stops_of(prompt: Prompt, settings: Settings) -> tuple[str, ...]:
    """Return the sequences at which an answer ends; those of its style are none on chat."""
    style = () if settings.api == "chat" else prompt.stop
    return tuple(dict.fromkeys((*settings.stop, *style))) if settings.stop else style


def stops_sent(prompt: Prompt, settings: Settings) -> tuple[str, ...]:
    """Return those of them that go with a request: as many as every server takes."""
    return stops_of(prompt, settings)[:MOST_STOPS]


def cut_at(text: str, stops: Iterable[str]) -> str:
    """Return a text up to the first of these sequences, as a server would have ended it."""
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text


def mend(text: str) -> str:
    """Join surrogate pairs that a stream tore apart, and replace lone ones: no file can hold those."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def check(answer: Answer, *, several: bool = False) -> None:
    """Raise UnusableError unless there is a choice, and each is an answer that came to an end of its own.

    A stream has to give each choice a finish reason: its end mark alone also stands behind an answer that
    was cut in half. What a service's filter took away (:attr:`Choice.filtered`) is left to the caller.

    Where ``several`` were asked for, a choice with two ends is two that the server did not tell apart: of a
    stream their texts are one salad. Where one was asked for, the same is a habit of some servers.
    """
    if not answer.choices and (answer.finished or not answer.streamed):
        raise UnusableError("no-choices", "the answer holds no choices")
    if answer.streamed and not _all_ended(answer):
        mark = " without a finish reason" if answer.finished else ""
        raise UnusableError("cut-off", f"the stream ended in the middle of the answer{mark}")
    for choice in answer.choices.values():
        if is_abort(choice.finish_reason):
            raise UnusableError("aborted", f"the server gave up on the answer ({choice.finish_reason})")
        if answer.streamed and (not choice.told or (choice.told_whole and not choice.chunks)):
            raise UnusableError("malformed", "the stream holds no deltas to read (--no-stream may help)")
        if several and choice.ends > 1:
            raise UnusableError("malformed", "several choices came under one index")


def _all_ended(answer: Answer) -> bool:
    return bool(answer.choices) and all(choice.finish_reason for choice in answer.choices.values())


@functools.lru_cache(maxsize=64)
def model_id(name: str) -> str:
    """Return a server's name for a model; of a file its name alone, for folders are nobody's business."""
    return mend(re.split(r"[/\\]", name)[-1] if re.match(r"[/~\\]|[A-Za-z]:\\", name) else name)
