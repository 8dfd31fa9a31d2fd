"""What can go wrong between us and a server, told apart by whether another attempt makes sense."""

import datetime as dt
import os
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp
import msgspec

from evalsite.errors import EndpointError, EndpointFaultError, EndpointRefusedError
from evalsite.words.text import cut_out

FINAL_STATUSES = frozenset({400, 401, 403, 404, 405, 413, 422})
"""Answers that another attempt would only repeat."""

MOST_WORDS = 400
"""Characters of a server's own words that an error repeats."""

_HINTS: Mapping[int, str] = {
    401: "Give the key in the environment variable that --api-key-env names.",
    403: "Give the key in the environment variable that --api-key-env names.",
    404: "Check the URL's path, and the model's name against what the server lists under /v1/models.",
}


class RefusalError(EndpointRefusedError):
    """The server said no. ``status`` is the HTTP status, ``words`` what the server had to say."""

    def __init__(self, url: str, status: int, words: str) -> None:
        super().__init__(
            f"{url} answered {status}: {words or 'without a word'}",
            hint=_HINTS.get(
                status, "Run `evalsite doctor --model-endpoint URL` to see what the server takes."
            ),
        )
        self.status = status
        self.words = words

    @property
    def for_every_prompt(self) -> bool:
        """True where the refusal cannot be about this one prompt: key, path or model are wrong."""
        return self.status not in {400, 413, 422}


class FaultError(EndpointFaultError):
    """The server failed to answer, or its answer cannot be used; another attempt may do better.

    ``kind`` is one of connect, reset, timeout, http, html, malformed, cut-off, no-choices, aborted.
    ``wait_s`` is the server's own wish (Retry-After), in seconds from now; ``words`` are the server's.
    """

    def __init__(self, kind: str, message: str, *, wait_s: float | None = None, words: str = "") -> None:
        super().__init__(message, hint="Nothing is lost: `evalsite resume RUN` asks for what is missing.")
        self.kind = kind
        self.wait_s = wait_s
        self.words = words


class UnsupportedError(FaultError):
    """The server refuses an optional feature, which is then left out: asking again makes sense at once."""

    def __init__(self, feature: str, refusal: EndpointError) -> None:
        super().__init__("unsupported", f"without {feature}: {refusal.message}", wait_s=0.0)


def translate(url: str, exc: Exception) -> FaultError:
    """Turn an exception of the network into a fault that says what happened in plain words."""
    if isinstance(exc, aiohttp.ConnectionTimeoutError):
        return FaultError("timeout", f"{url}: no connection in time")
    if isinstance(exc, TimeoutError):
        return FaultError("timeout", f"{url}: no answer in time")
    if isinstance(exc, aiohttp.ClientConnectorError):
        number = exc.os_error.errno
        reason = os.strerror(number) if number and number > 0 else str(exc.os_error)
        return FaultError("connect", f"{url}: cannot connect ({reason})")
    if isinstance(exc, aiohttp.ClientPayloadError):
        return FaultError("cut-off", f"{url}: the answer was cut off")
    if isinstance(exc, aiohttp.ServerDisconnectedError | ConnectionError):
        return FaultError("reset", f"{url}: the server closed the connection without an answer")
    if isinstance(exc, aiohttp.ClientOSError):
        return FaultError("reset", f"{url}: the connection broke ({exc.strerror or exc})")
    return FaultError("malformed", f"{url}: not an HTTP answer ({type(exc).__name__})")


def from_status(url: str, status: int, headers: Mapping[str, str], words: str) -> RefusalError | FaultError:
    """Judge an answer whose status is not 200; ``words`` are the server's."""
    if status in FINAL_STATUSES:
        return RefusalError(url, status, words)
    if status in {301, 302, 303, 307, 308}:
        target = re.sub(r"//[^/]*@", "//", headers.get("Location", "elsewhere").partition("?")[0])
        return RefusalError(url, status, f"it has moved to {target}; give that URL instead")
    return FaultError(
        "http", f"{url} answered {status}: {words}".rstrip(": "), wait_s=retry_after(headers), words=words
    )


_SCRIPT = re.compile(r"(?i)<(?P<end>/?)(?P<name>script|style)(?(end)>|\b)")
_MARKUP = re.compile(r"<[^<>]*>")


def server_words(body: bytes) -> str:
    """Return what a server says about an error, uncut: its JSON message, else its text without markup."""
    text = body.decode("utf-8", "replace")
    try:
        words = _message_in(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        words = ""
    if not words:
        words = " ".join(_MARKUP.sub(" ", cut_out(text, _SCRIPT)).split())
    return words


def shortened(words: str) -> str:
    """Return as many of a server's words as an error repeats."""
    return words if len(words) <= MOST_WORDS else words[:MOST_WORDS] + "…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        now = dt.datetime.now(dt.UTC)
        seconds = (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - now).total_seconds()
    return max(0.0, seconds) if seconds == seconds and seconds != float("inf") else None


def _message_in(data: object) -> str:
    """Find the message wherever servers put it: ``error.message``, ``error``, ``message``, ``detail``."""
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(filter(None, map(_message_in, data)))
    if isinstance(data, dict):
        for key in ("error", "message", "detail", "msg"):
            if data.get(key):
                return _message_in(data[key])
    return ""
