"""The two OpenAI-compatible APIs as bytes: request bodies out, answers and stream events in. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from evalsite.rundir.schema import Api, Prompt, Settings

ABORTED = frozenset({"abort", "aborted", "error", "cancelled", "canceled"})
"""Finish reasons by which servers own up that they gave up: the answer is not the model's."""


class UnusableError(Exception):
    """An answer arrived that is no completion. ``kind`` is html, malformed, cut-off, no-choices, ..."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Features:
    """What a server takes, as far as is known: each is tried until it is refused."""

    stream: bool = True
    stream_usage: bool = True
    choices: bool = True
    """Several choices (``n``) for one request."""
    tokens_field: str = "max_tokens"

    def without(self, feature: str) -> "Features":
        """Return the features less one: the name of a flag, or ``max_tokens`` for that field's old name."""
        old_name = feature == "max_tokens"
        changes: dict[str, Any] = {"tokens_field": "max_completion_tokens"} if old_name else {feature: False}
        return replace(self, **changes)


@dataclass
class Choice:
    """One answer as it grows. Times are in seconds on the caller's clock."""

    pieces: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    first_token_at: float | None = None
    chunks: int = 0
    """Stream events that carried text: about one for each token."""

    @property
    def text(self) -> str:
        """The answer so far."""
        return mend("".join(self.pieces))


@dataclass
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
    started_at: float = 0.0
    ended_at: float = 0.0


def request_body(
    prompt: Prompt, settings: Settings, features: Features, *, model: str, n: int, seed: int | None
) -> bytes:
    """Write the JSON of one request. Stop sequences go to the completions API only."""
    body: dict[str, Any] = {"model": model}
    if settings.api == "chat":
        system = [{"role": "system", "content": settings.system}] if settings.system else []
        body["messages"] = [*system, {"role": "user", "content": prompt.text}]
    else:
        body["prompt"] = prompt.text
        if stop := tuple(dict.fromkeys((*prompt.stop, *settings.stop))):
            body["stop"] = stop
    body |= {"temperature": settings.temperature, "top_p": settings.top_p}
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


def mend(text: str) -> str:
    """Join surrogate pairs that a stream tore apart, and replace lone ones: no file can hold those."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def decode(data: bytes) -> Any:
    """Decode JSON from a server, lone surrogates and invalid UTF-8 included; raises UnusableError."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            return json.loads(data.decode("utf-8", "replace"))
        except ValueError as exc:
            raise UnusableError("malformed", f"the answer is not JSON ({exc})") from exc


def read_whole(answer: Answer, data: bytes, api: Api) -> None:
    """Read an answer that came in one piece; raises UnusableError where it cannot be used."""
    start = data[:200].lstrip().lower()
    if start.startswith(b"<"):
        raise UnusableError("html", "the answer is a web page, not JSON")
    _read(answer, decode(data), api, now=None)


def read_event(answer: Answer, data: bytes, api: Api, now: float) -> None:
    """Read one stream event, which arrived at ``now``; raises UnusableError where it cannot be used."""
    if data.strip() == b"[DONE]":
        answer.finished = True
    else:
        _read(answer, decode(data), api, now=now)


def check(answer: Answer) -> None:
    """Raise UnusableError unless there is at least one choice, and each came to an end of its own."""
    if answer.streamed and not answer.finished and not _all_ended(answer):
        raise UnusableError("cut-off", "the stream ended in the middle of the answer")
    if not answer.choices:
        raise UnusableError("no-choices", "the answer holds no choices")
    for choice in answer.choices.values():
        if choice.finish_reason in ABORTED:
            raise UnusableError("aborted", f"the server gave up on the answer ({choice.finish_reason})")


def _all_ended(answer: Answer) -> bool:
    return bool(answer.choices) and all(choice.finish_reason for choice in answer.choices.values())


def _read(answer: Answer, data: Any, api: Api, now: float | None) -> None:
    if not isinstance(data, dict):
        raise UnusableError("malformed", "the answer is not a JSON object")
    if data.get("error"):
        raise UnusableError("http", f"the server reports an error: {_words(data['error'])}")
    answer.model = model_id(data.get("model")) or answer.model
    answer.fingerprint = _text(data.get("system_fingerprint")) or answer.fingerprint
    if isinstance(usage := data.get("usage"), dict):
        answer.prompt_tokens = _count(usage.get("prompt_tokens"))
        answer.completion_tokens = _count(usage.get("completion_tokens"))
    choices = data.get("choices")
    if not isinstance(choices, list) or not all(isinstance(choice, dict) for choice in choices):
        if now is not None and choices is None:
            return  # an event of another kind: usage alone, timings, a keep-alive
        raise UnusableError("malformed", "the answer has no list of choices")
    for position, data_of_choice in enumerate(choices):
        index = data_of_choice.get("index")
        place = index if isinstance(index, int) else position
        _read_choice(answer.choices.setdefault(place, Choice()), data_of_choice, api, now)


def _read_choice(choice: Choice, data: dict[str, Any], api: Api, now: float | None) -> None:
    if api == "completions":
        message = data
        text = data.get("text")
    else:
        message = data.get("delta" if now is not None else "message") or {}
        if not isinstance(message, dict):
            raise UnusableError("malformed", "a choice holds no message")
        text = message.get("content") or message.get("refusal")
    if now is None and not message.keys() & {"text", "content", "reasoning_content", "reasoning"}:
        raise UnusableError("malformed", "a choice holds no text")
    answered, thought = _flat(text), _flat(message.get("reasoning_content") or message.get("reasoning"))
    if (answered or thought) and now is not None:
        choice.chunks += 1
        if choice.first_token_at is None:
            choice.first_token_at = now
    choice.pieces.append(answered)
    choice.reasoning.append(thought)
    choice.finish_reason = _text(data.get("finish_reason")) or choice.finish_reason


def _flat(content: Any) -> str:
    """Return a message's text: a string, null, or a list of typed parts."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list):
        return "".join(_parts(content))
    raise UnusableError("malformed", "a choice's text is not text")


def _parts(content: list[Any]) -> Iterator[str]:
    for part in content:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]


def _text(value: Any) -> str:
    return mend(value) if isinstance(value, str) else ""


def model_id(value: Any) -> str:
    """Return a server's name for a model; of a file its name alone, for folders are nobody's business."""
    name = _text(value)
    return re.split(r"[/\\]", name)[-1] if re.match(r"[/~\\]|[A-Za-z]:\\", name) else name


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _words(error: Any) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return mend(str(message))[:400]


class EventSplitter:
    """Cuts a byte stream into the data of server-sent events (WHATWG HTML, 9.2.6), however it is chunked."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of every event that the chunk completes."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            yield from self._line(line.rstrip(b"\r"))

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
        elif not line and self._data:
            yield b"\n".join(self._data)
            self._data.clear()
