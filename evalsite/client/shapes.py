"""Answers and stream events out of JSON, in the API's shape and in those that servers make of it. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from evalsite.client.finishing import known_finish, plain_word
from evalsite.client.protocol import MOST_TOKENS, Answer, Choice, UnusableError, mend
from evalsite.client.sse import BOM, DONE
from evalsite.client.unreadable import loads
from evalsite.rundir.schema import Api


class _Message(msgspec.Struct):
    content: str | list[Any] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    thinking: str | None = None
    refusal: str | None = None
    tool_calls: Any = None
    function_call: Any = None
    """One call, as before there were tools."""

    @property
    def calls(self) -> tuple[Any, Any]:
        """Calls, and the one call of old."""
        return self.tool_calls, self.function_call


class _Choice(msgspec.Struct):
    index: int | None = None
    text: str | None = None
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: Any = None
    finish_reason_camel: Any = msgspec.field(default=None, name="finishReason")
    finish_details: Any = None
    stop_reason: Any = None
    """Beside a finish reason, vLLM's stop sequence; instead of one, the reason."""
    stop_reason_camel: Any = msgspec.field(default=None, name="stopReason")
    done_reason: Any = None
    logprobs: Any = None
    prompt_logprobs: Any = None

    @property
    def finish(self) -> str | None:
        """The reason that is given, under whichever of its names."""
        told = (
            self.finish_reason
            or self.finish_reason_camel
            or self.finish_details
            or self.stop_reason
            or self.stop_reason_camel
            or self.done_reason
        )
        return known_finish(told) if told else None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    prompt_tokens_camel: int | None = msgspec.field(default=None, name="promptTokens")
    completion_tokens_camel: int | None = msgspec.field(default=None, name="completionTokens")

    @property
    def read(self) -> int | None:
        """Tokens of the prompt, under whichever of its names; a prompt never has none."""
        return self.prompt_tokens or self.input_tokens or self.prompt_tokens_camel

    @property
    def written(self) -> int | None:
        """Tokens of the answer, under whichever of its names."""
        if self.completion_tokens is not None:
            return self.completion_tokens
        return self.completion_tokens_camel if self.output_tokens is None else self.output_tokens


class _Packet(msgspec.Struct):
    """A whole answer, or one event of a stream."""

    choices: list[_Choice] | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    usage: _Usage | None = None
    error: Any = None
    object: str | None = None


LONGEST_MARK = len(b'"[DONE]"')
"""Bytes of an event that holds nothing but a mark."""

SHOWN = 200
"""Characters that are repeated of what is no answer."""

_PACKETS = msgspec.json.Decoder(_Packet)

_STATUSES: Mapping[str, int] = {
    "rate_limit": 429,
    "too_many_requests": 429,
    "throttl": 429,
    "insufficient_quota": 402,
    "insufficient_credits": 402,
    "insufficient_balance": 402,
    "resource_exhausted": 429,
    "invalid_api_key": 401,
    "unauthorized": 401,
    "unauthenticated": 401,
    "authentication": 401,
    "permission": 403,
    "model_not_found": 404,
    "context_length": 400,
    "invalid_request": 400,
    "overloaded": 503,
    "unavailable": 503,
}
"""Part of an error's code or type -> the HTTP status that it stands for."""

_BEHIND = re.compile(rb"\s*(?:data:\s*)?(?:\[DONE\])?\s*")
"""What some servers put behind a whole answer."""


def decode(data: bytes) -> Any:
    """Decode JSON from a server, lone surrogates and invalid UTF-8 included; raises UnusableError.

    It should be UTF-8 (RFC 8259, 8.1); its first bytes tell UTF-16 and UTF-32, too.
    """
    text = data.decode(json.detect_encoding(data), "replace")
    try:
        return loads(text)
    except (ValueError, RecursionError) as exc:
        begin = " ".join(text[:2000].split())
        shown = f": {begin[:SHOWN]}{'…' if len(begin) > SHOWN else ''}" if begin else " but empty"
        raise UnusableError("malformed", f"the answer is not JSON{shown}") from exc


def read_whole(answer: Answer, data: bytes, api: Api) -> None:
    """Read an answer that came in one piece; raises UnusableError where it is no completion."""
    packet = _decode_packet(data, whole=True)
    if packet.choices is None:
        raise UnusableError("malformed", "the answer has no list of choices")
    for position, told in enumerate(packet.choices):
        place = position if told.index is None else told.index
        if place in answer.choices:
            answer.choices[place].ends += 1
            continue
        choice = answer.choices[place] = Choice()
        message = told.message or told.delta
        if told.text is not None and (api == "completions" or message is None):
            choice.pieces.append(told.text)
        elif api == "chat" and message is not None:
            choice.pieces.append(_content(message))
            choice.reasoning.append(_reasoning(message))
            choice.calls.take(*message.calls, whole=True)
        else:
            raise UnusableError("malformed", f"a choice holds no {'message' if api == 'chat' else 'text'}")
        choice.finish_reason = told.finish
        choice.logprobs = told.prompt_logprobs or told.logprobs
        choice.ends += 1
    _read_about(answer, packet)


def read_event(answer: Answer, data: bytes, now: float) -> None:
    """Read one stream event, which arrived at ``now``; raises UnusableError where it is none."""
    if answer.finished:  # what comes behind the end belongs to nobody
        return
    if len(data) <= LONGEST_MARK and (mark := data.strip(b'"').upper()) in (DONE, b"NULL", b""):
        answer.finished = mark == DONE
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
        called = delta is not None and choice.calls.take(*delta.calls)
        if text or thought or called:
            choice.chunks += 1
            if choice.first_token_at is None:
                choice.first_token_at = now
            choice.first_chunks += choice.first_token_at == now
            choice.pieces.append(text or "")
            choice.reasoning.append(thought)
        if reason := told.finish:
            if reason != "stop" or not choice.finish_reason:
                choice.finish_reason = reason
            choice.ended_at = now
            choice.bare_end = not (text or thought or called)
            choice.ends += 1
    _read_about(answer, packet)


def _decode_packet(data: bytes, *, whole: bool = False) -> _Packet:
    try:
        packet = _PACKETS.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        data = _bare(data) if whole else data
        tamed = _tamed(decode(data))
        try:
            packet = msgspec.convert(tamed, _Packet)
        except msgspec.ValidationError as exc:
            said = f": {tamed[:SHOWN]}" if isinstance(tamed, str) else ""
            raise UnusableError("malformed", f"the answer is not of the API's shape ({exc}){said}") from exc
    if packet.error or packet.object == "error" or packet.choices is None:
        _refuse_errors(data, packet)
    return packet


def _bare(data: bytes) -> bytes:
    """Return a whole answer without what some servers put around it; raises UnusableError for a page."""
    data = data.removeprefix(BOM)
    if data[:200].lstrip().startswith(b"<"):
        raise UnusableError("html", "the answer is a web page, not JSON")
    at = data.rfind(b"}") + 1
    return data[:at] if at and _BEHIND.fullmatch(data, at) else data


def _refuse_errors(data: bytes, packet: _Packet) -> None:
    """Raise UnusableError with the server's own words, where these are what came in place of an answer."""
    told = decode(data)
    error = packet.error or told
    words = words_in(error)
    if packet.error or packet.object == "error" or (words and not (packet.usage or packet.model)):
        status = next(filter(None, map(_status, (error, told))), 0)
        raise UnusableError("http", f"the server reports an error: {words or told}"[:2000], status=status)


def _status(error: Any) -> int:
    """Return the HTTP status that an error stands for, by its numbers or its code's words; 0 if by none."""
    if not isinstance(error, dict):
        return 0
    told = [error.get(key) for key in ("code", "status", "status_code", "type", "error_type")]
    for one in told:
        if type(one) is int and 400 <= one < 600:
            return one
        if isinstance(one, str) and re.fullmatch(r"[45]\d\d", one):
            return int(one)
    named = " ".join(plain_word(one) for one in told if isinstance(one, str))
    return next((status for part, status in _STATUSES.items() if part in named), 0)


_WORDS = (
    "error", "message", "detail", "details", "msg", "error_msg", "error_message", "errors", "Message",
    "errorMessage", "error_description", "fault", "faultstring", "base_resp", "status_msg",
)  # fmt: skip
"""Where the words of an error may stand."""


def words_in(data: object) -> str:
    """Find an error's words wherever servers put them: ``error.message``, ``error``, ``message``, ``detail``.

    Where a list of mistakes names fields in ``loc`` only, as FastAPI's does, those stand before the words.
    """
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(filter(None, map(words_in, data)))
    if isinstance(data, dict):
        for key in _WORDS:
            if data.get(key) and (words := words_in(data[key])):
                return mend(_located(data.get("loc") or data.get("param"), words))
    return ""


def _located(place: object, words: str) -> str:
    """Put the name of a field before words that do not hold it."""
    last = place[-1] if isinstance(place, list) and place else place
    return f"{last}: {words}" if isinstance(last, str) and last.lower() not in words.lower() else words


def _tamed(data: Any) -> Any:
    """Leave out or mend what is of the wrong type: nonsense about an answer is no reason to lose it."""
    if not isinstance(data, dict):
        return data
    usage = data.get("usage")
    counts = usage.items() if isinstance(usage, dict) else ()
    odd = {name for name in ("model", "system_fingerprint", "object") if not isinstance(data.get(name), str)}
    choices = data.get("choices")
    if isinstance(choices, dict):  # one that stands there by itself, or several by their numbers
        choices = [choices] if "index" in choices or "message" in choices else list(choices.values())
    return {name: value for name, value in data.items() if name not in odd} | {
        "usage": {name: int(count) for name, count in counts if _is_count(count)},
        "choices": list(map(_tamed_choice, choices)) if isinstance(choices, list) else choices,
    }


def _is_count(count: object) -> bool:
    return type(count) is int or (isinstance(count, float) and count.is_integer())


def _tamed_choice(choice: Any) -> Any:
    if not isinstance(choice, dict):
        return choice
    index = str(choice.get("index")).strip().removesuffix(".0")
    tamed = choice | ({"index": int(index)} if re.fullmatch(r"-?\d{1,15}", index) else {})
    for part in ("message", "delta"):
        if isinstance(choice.get(part), dict):
            tamed[part] = {name: _text_of(name, value) for name, value in choice[part].items()}
        elif isinstance(choice.get(part), str):
            tamed[part] = {"content": choice[part]}
    if isinstance(choice.get("text"), list | dict):
        tamed["text"] = "".join(_parts(choice["text"]))
    return tamed


def _text_of(name: str, value: Any) -> Any:
    """Return a message's field as text; what a thought is made of besides does not matter. Calls stay."""
    if name in ("tool_calls", "function_call"):
        return value
    if not isinstance(value, list | dict):
        told = isinstance(value, int | float) and not isinstance(value, bool) and name == "content"
        return value if isinstance(value, str | None) else str(value) if told else None
    if name == "content":
        return value if isinstance(value, list) else [value]
    return "".join(_parts(value, thoughts=True))


def _read_about(answer: Answer, packet: _Packet) -> None:
    """Keep the server's names and counts; of a stream the last ones. A count out of all reason is none.

    A zero takes no count away.
    """
    answer.model = packet.model or answer.model
    answer.fingerprint = packet.system_fingerprint or answer.fingerprint
    if (usage := packet.usage) is not None:
        answer.prompt_tokens = _count(usage.read) or answer.prompt_tokens
        count = _count(usage.written)
        answer.completion_tokens = count or answer.completion_tokens or count


def _count(told: int | None) -> int | None:
    return told if told is not None and 0 <= told <= MOST_TOKENS else None


def _content(message: _Message) -> str:
    """Return a message's text: a string, null, or a list of typed parts.

    Raises UnusableError for parts that hold no text known: to take them for an empty answer would blame the
    model.
    """
    content = message.content
    if not isinstance(content, list):
        return content or message.refusal or ""
    found = list(_parts(content))
    odd = [part for part in content if isinstance(part, dict) and _is_text(part)]
    if odd and not found:
        raise UnusableError("malformed", f"the answer's text is in no known place: {str(odd[0])[:SHOWN]}")
    return "".join(found)


def _is_text(part: dict[str, Any]) -> bool:
    """Whether a part should hold text of the answer: it says so, or says nothing of what it is."""
    kind = part.get("type")
    return bool(part) and (not isinstance(kind, str) or "text" in kind)


def _reasoning(message: _Message) -> str:
    thought = message.reasoning_content or message.reasoning or message.thinking or ""
    if isinstance(message.content, list):
        thought += "".join(
            "".join(_parts(part, thoughts=True)) for part in message.content if _is_thought(part)
        )
    return thought


def _is_thought(part: object) -> bool:
    kind = part.get("type") if isinstance(part, dict) else None
    return isinstance(kind, str) and ("think" in kind or "reason" in kind or "thought" in kind)


def _parts(content: Any, *, thoughts: bool = False, depth: int = 8) -> Iterator[str]:
    """Yield the texts of typed parts; without those of thoughts, unless these are what is wanted."""
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict) and depth and (thoughts or not _is_thought(part)):
            told = [part[key] for key in (_THOUGHTS if thoughts else _TEXTS) if part.get(key) is not None]
            for value in told if thoughts else told[:1]:
                if isinstance(value, str | list | dict):
                    yield from _parts(value, thoughts=thoughts, depth=depth - 1)


_TEXTS = ("text", "content", "value", "parts")
_THOUGHTS = ("text", "content", "thinking", "reasoning", "summary")
"""Where parts of a message hold what was said, and what was thought."""
