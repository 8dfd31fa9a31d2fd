"""The two OpenAI-compatible APIs as bytes: request bodies out, answers and stream events in. Pure."""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from evalsite.rundir.schema import Api, Prompt, Settings

ABORTED = frozenset(
    {"abort", "aborted", "error", "cancelled", "canceled", "network_error", "insufficient_system_resource"}
)
"""Finish reasons by which servers own up that they gave up: the answer is not the model's."""

FILTERED = frozenset(
    {"safety", "recitation", "blocklist", "prohibited_content", "spii", "sensitive", "guardrail_intervened"}
)
"""Finish reasons of a service's own censor, besides all that begin with ``content_filter``."""

MOST_TOKENS = 2**53
"""The largest count that is believed, and the largest that every reader of JSON holds exactly."""

LARGEST_EVENT = 4 * 2**20
"""Bytes of one stream event after which a server is taken to be raving."""


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
    ended_at: float | None = None
    """When its own finish reason came; None unless streamed."""
    chunks: int = 0
    """Stream events that carried text: about one for each token, with servers that do not gather them."""
    bare_end: bool = False
    """Whether its end came in an event without text, as it does where the end is a token of its own."""
    tokens: int | None = None
    tokens_from: Literal["usage", "shared"] | None = None
    """See :func:`evalsite.client.tokens.count_tokens`, which sets both."""
    ends: int = 0
    """How often the choice came to an end; more than once where it is really several."""
    told: bool = False
    """Whether any event held what an answer is made of, if only an empty piece."""
    told_whole: bool = False
    """Whether an event held a whole ``message``, which is no part of a stream."""

    @property
    def text(self) -> str:
        """The answer so far."""
        return mend("".join(self.pieces))

    @property
    def filtered(self) -> bool:
        """Whether the service's own filter took the answer away: that is no word of the model's."""
        return is_filter(self.finish_reason)


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
    asked: int = 1
    """How many choices were asked for."""
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
        if stop := stops_sent(prompt, settings):
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


def stops_sent(prompt: Prompt, settings: Settings) -> tuple[str, ...]:
    """Return the stop sequences that go with a prompt: none on the chat API."""
    return () if settings.api == "chat" else tuple(dict.fromkeys((*prompt.stop, *settings.stop)))


def is_filter(finish_reason: str | None) -> bool:
    """Whether a finish reason says that a service's own filter took the answer away."""
    reason = (finish_reason or "").lower()
    return reason.startswith("content_filter") or reason in FILTERED


def mend(text: str) -> str:
    """Join surrogate pairs that a stream tore apart, and replace lone ones: no file can hold those."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class _Message(msgspec.Struct):
    content: str | list[Any] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    index: int | None = None
    text: str | None = None
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Packet(msgspec.Struct):
    """A whole answer, or one event of a stream."""

    choices: list[_Choice] | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    usage: _Usage | None = None
    error: Any = None
    object: str | None = None
    message: Any = None
    code: Any = None


_PACKETS = msgspec.json.Decoder(_Packet)


def decode(data: bytes) -> Any:
    """Decode JSON from a server, lone surrogates and invalid UTF-8 included; raises UnusableError."""
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as exc:
        raise UnusableError("malformed", f"the answer is not JSON ({exc})") from exc


def read_whole(answer: Answer, data: bytes, api: Api) -> None:
    """Read an answer that came in one piece; raises UnusableError where it is no completion."""
    if data[:200].lstrip().startswith(b"<"):
        raise UnusableError("html", "the answer is a web page, not JSON")
    packet = _decode_packet(data)
    if packet.choices is None:
        raise UnusableError("malformed", "the answer has no list of choices")
    for position, told in enumerate(packet.choices):
        place = position if told.index is None else told.index
        if place in answer.choices:
            answer.choices[place].ends += 1
            continue
        choice = answer.choices[place] = Choice()
        if api == "completions":
            if told.text is None:
                raise UnusableError("malformed", "a choice holds no text")
            choice.pieces.append(told.text)
        else:
            if told.message is None:
                raise UnusableError("malformed", "a choice holds no message")
            choice.pieces.append(_content(told.message))
            choice.reasoning.append(_reasoning(told.message))
        choice.finish_reason = told.finish_reason
        choice.ends += 1
    _read_about(answer, packet)


def read_event(answer: Answer, data: bytes, now: float) -> None:
    """Read one stream event, which arrived at ``now``; raises UnusableError where it is none."""
    if data == b"[DONE]":
        answer.finished = True
        return
    packet = _decode_packet(data)
    for position, told in enumerate(packet.choices or ()):
        place = position if told.index is None else told.index
        if (choice := answer.choices.get(place)) is None:
            choice = answer.choices[place] = Choice()
        delta = told.delta
        choice.told |= delta is not None or told.text is not None
        choice.told_whole |= told.message is not None
        text = told.text if delta is None else _content(delta)
        thought = _reasoning(delta) if delta is not None else ""
        if text or thought:
            choice.chunks += 1
            if choice.first_token_at is None:
                choice.first_token_at = now
            choice.pieces.append(text or "")
            choice.reasoning.append(thought)
        if told.finish_reason:
            choice.finish_reason = told.finish_reason
            choice.ended_at = now
            choice.bare_end = not (text or thought)
            choice.ends += 1
    _read_about(answer, packet)


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
        if (choice.finish_reason or "").lower() in ABORTED:
            raise UnusableError("aborted", f"the server gave up on the answer ({choice.finish_reason})")
        if answer.streamed and (not choice.told or (choice.told_whole and not choice.chunks)):
            raise UnusableError("malformed", "the stream holds no deltas to read (--no-stream may help)")
        if several and choice.ends > 1:
            raise UnusableError("malformed", "several choices came under one index")


def _all_ended(answer: Answer) -> bool:
    return bool(answer.choices) and all(choice.finish_reason for choice in answer.choices.values())


def _decode_packet(data: bytes) -> _Packet:
    try:
        try:
            packet = _PACKETS.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            packet = msgspec.convert(_without_odd_facts(decode(data)), _Packet)
    except msgspec.ValidationError as exc:
        raise UnusableError("malformed", f"the answer is not of the API's shape ({exc})") from exc
    if packet.error or packet.object == "error":
        error = packet.error or {"message": packet.message, "code": packet.code}
        code = error.get("code") if isinstance(error, dict) else None
        status = code if isinstance(code, int) else 0
        raise UnusableError("http", f"the server reports an error: {_words(error)}", status=status)
    return packet


def _without_odd_facts(data: Any) -> Any:
    """Leave out names and counts of the wrong type: nonsense about an answer is no reason to lose it."""
    if not isinstance(data, dict):
        return data
    usage = data.get("usage")
    counts = usage.items() if isinstance(usage, dict) else ()
    odd = {name for name in ("model", "system_fingerprint") if not isinstance(data.get(name), str)}
    return {name: value for name, value in data.items() if name not in odd} | {
        "usage": {name: count for name, count in counts if type(count) is int}
    }


def _read_about(answer: Answer, packet: _Packet) -> None:
    """Keep the server's names and counts; of a stream the last ones. A count out of all reason is none."""
    answer.model = packet.model or answer.model
    answer.fingerprint = packet.system_fingerprint or answer.fingerprint
    if (usage := packet.usage) is not None:
        answer.prompt_tokens = _count(usage.prompt_tokens)
        answer.completion_tokens = _count(usage.completion_tokens)


def _count(told: int | None) -> int | None:
    return told if told is not None and 0 <= told <= MOST_TOKENS else None


def _content(message: _Message) -> str:
    """Return a message's text: a string, null, or a list of typed parts."""
    content = message.content
    if isinstance(content, list):
        return "".join(_parts(content))
    return content or message.refusal or ""


def _parts(content: list[Any]) -> Iterator[str]:
    for part in content:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]


def _reasoning(message: _Message) -> str:
    return message.reasoning_content or message.reasoning or ""


@functools.lru_cache(maxsize=64)
def model_id(name: str) -> str:
    """Return a server's name for a model; of a file its name alone, for folders are nobody's business."""
    return mend(re.split(r"[/\\]", name)[-1] if re.match(r"[/~\\]|[A-Za-z]:\\", name) else name)


def _words(error: Any) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return mend(str(message))


class EventSplitter:
    """Cuts a byte stream into the data of server-sent events (WHATWG HTML, 9.2.6), however it is chunked.

    An event that the end of the stream leaves without its empty line is dropped, as the standard wants it.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of every event that the chunk completes."""
        data = self._rest + chunk
        if len(data) > LARGEST_EVENT + len(chunk):
            raise UnusableError("malformed", "an event of the stream does not end")
        held = b""
        if b"\r" in data:
            if data.endswith(b"\r"):  # its line feed may be in the next chunk
                data, held = data[:-1], b"\r"
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *events, rest = data.split(b"\n\n")
        self._rest = rest + held
        for event in events:
            if event.startswith(b"data: ") and b"\n" not in event:
                yield event[6:]
            elif found := [_value(line) for line in event.split(b"\n") if line.startswith(b"data:")]:
                yield b"\n".join(found)


def _value(line: bytes) -> bytes:
    return line[5:].removeprefix(b" ")
