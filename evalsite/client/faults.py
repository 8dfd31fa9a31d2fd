"""What can go wrong between us and a server, told apart by whether another attempt makes sense."""

import contextlib
import datetime as dt
import math
import os
import re
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from evalsite.client.shapes import words_in
from evalsite.errors import EndpointFaultError, EndpointRefusedError
from evalsite.words.text import cut_out

PASSING = frozenset({408, 409, 423, 424, 425, 429, 499})
"""Of the 4xx those that another attempt may get round; 424 is TGI's for a generation that failed."""

NEVER = frozenset({402, 501, 505, 511})
"""No credit, or nothing of the kind: neither another attempt nor another hour would help."""

ONE_PROMPT = frozenset({400, 413, 414, 422, 431})
"""Refusals that may be about this prompt alone."""

BUSY = frozenset({429, 503, 529})
"""The server lives, and asks everybody to wait."""

AWAY = frozenset({502, 520, 521, 522, 523, 530})
"""A gateway says that nobody stands behind it."""

SPENT = re.compile(
    r"\binsufficient[_ ](?:quota|credits?|balance|funds)\b|\bcheck your plan and billing\b", re.IGNORECASE
)
"""Words of a 429 that mean a 402."""

_PER_DAY = re.compile(r"\bdaily limit\b|\bper[- ]day\b|\bmonthly\b", re.IGNORECASE)
_TRY_AGAIN = re.compile(
    r"\btry again in (?:(\d+)m(?!s))?\s*(?:(\d+(?:\.\d+)?)\s*(ms|s\b|sec))?", re.IGNORECASE
)

MOST_WORDS = 400
"""Characters of a server's own words that an error repeats."""

_HINTS: Mapping[int, str] = {
    401: "Give the key in the environment variable that --api-key-env names.",
    403: "Give the key in the environment variable that --api-key-env names.",
    404: "Check the URL's path, and the model's name against what the server lists under /v1/models.",
}


_TEMPERATURE = re.compile(r"\btemperature\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\bsuffix\b", re.IGNORECASE)
_TOOLS = re.compile(r"\btools?\b|\btool[_-](?:choice|calls?)\b|\bfunction[ _-]calling\b", re.IGNORECASE)
_TOP_P = re.compile(r"\btop[_-]p\b", re.IGNORECASE)
_SEED = re.compile(r"\bseed\b", re.IGNORECASE)


def sampling_to_try(words: str) -> str:
    """Return the option that may do where a refusal is about how to sample; empty where it is not.

    Reasoning models take a temperature of 1 alone, others temperature or top-p, but not both: a top-p of 1
    is not sent. Code behind a gap (``suffix``) few servers take, and many models can be shown by tokens;
    tools can be described in the prompt.
    """
    if _TOOLS.search(words):
        return "--calls prompt"
    if _SUFFIX.search(words):
        return "--prompt and the tokens of the model's family, such as fim-qwen-v1, or with --api chat"
    if _TOP_P.search(words):
        return "--top-p 1"
    return "--temperature 1" if _TEMPERATURE.search(words) else ""


class RefusalError(EndpointRefusedError):
    """The server said no. ``status`` is the HTTP status, ``words`` what the server had to say.

    ``told``: the status that it gave, where its words mean another one.
    """

    def __init__(self, url: str, status: int, words: str, *, told: int = 0) -> None:
        doctor = "`evalsite doctor --model-endpoint URL --model-name NAME` shows what the server takes."
        option = sampling_to_try(words) if status in ONE_PROMPT or _TOOLS.search(words) else ""
        perhaps = f"Perhaps with {option}; " if option else ""
        if status in ONE_PROMPT and not option and _SEED.search(words):
            perhaps = "Perhaps without --seed; "
        super().__init__(
            f"{url} answered {told or status}: {words or 'without a word'}",
            hint=_HINTS.get(status, perhaps + doctor),
        )
        self.status = status
        self.words = words

    is_busy = False

    @property
    def for_every_prompt(self) -> bool:
        """True where the refusal cannot be about this one prompt: key, path or model are wrong."""
        return self.status not in ONE_PROMPT

    @property
    def is_away(self) -> bool:
        """Whether a server that took such requests before may take them again: a proxy, or a new key."""
        return self.for_every_prompt and self.status not in NEVER


class FaultError(EndpointFaultError):
    """The server failed to answer, or its answer cannot be used; another attempt may do better.

    ``kind`` is one of connect, reset, timeout, http, html, malformed, cut-off, no-choices, aborted.
    ``wait_s`` is the server's own wish (Retry-After), in seconds from now; ``words`` are the server's;
    ``status`` is the HTTP status, 0 where there was none.
    """

    def __init__(
        self, kind: str, message: str, *, wait_s: float | None = None, words: str = "", status: int = 0
    ) -> None:
        perhaps = "Perhaps with --calls prompt. " if _TOOLS.search(words) else ""
        hint = perhaps + "Nothing is lost: `evalsite resume RUN` asks for what is missing."
        super().__init__(message, hint=CERTIFICATE_HINT if kind == "tls" else hint)
        self.kind = kind
        self.wait_s = wait_s
        self.words = words
        self.status = status

    @property
    def is_busy(self) -> bool:
        """Whether the server refused the request for no fault of it, but because there are too many."""
        return self.status in BUSY

    @property
    def is_away(self) -> bool:
        """Whether nobody was there to take the request."""
        return self.kind == "connect" or self.status in AWAY


class UnsupportedError(FaultError):
    """The server refuses an optional feature, which is then left out: asking again makes sense at once.

    ``alone``: what it refuses is not said, so that one sample alone is asked for, to see.
    """

    def __init__(self, feature: str, refusal: RefusalError | FaultError, *, alone: bool = False) -> None:
        passing = isinstance(refusal, FaultError)
        kind = refusal.kind if isinstance(refusal, FaultError) else "unsupported"
        super().__init__(kind, refusal.message if passing else f"without {feature}: {refusal.message}")
        self.alone = alone
        self.counts = passing
        """Whether it may have been a passing failure, too, which counts as an attempt."""


def translate(url: str, exc: Exception) -> FaultError:
    """Turn an exception of the network into a fault that says what happened in plain words."""
    import aiohttp  # by now others have done so

    if isinstance(exc, aiohttp.ConnectionTimeoutError):
        return FaultError("timeout", f"{url}: no connection in time")
    if isinstance(exc, TimeoutError):
        return FaultError("timeout", f"{url}: no answer in time")
    if isinstance(exc, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        return FaultError("tls", f"{url}: {_certificate(exc)}")
    if isinstance(exc, aiohttp.ClientHttpProxyError):
        return FaultError("connect", f"{url}: the proxy answered {exc.status}")
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


CERTIFICATE_HINT = (
    "Name the certificate's issuer with --ca-file FILE, or in the environment variable SSL_CERT_FILE; "
    "for a server without TLS write http:// in the URL."
)


def _certificate(exc: Exception) -> str:
    """Say what is wrong between two ends of TLS: a certificate that is not trusted, or no TLS at all."""
    cause = getattr(exc, "certificate_error", None) or getattr(exc, "os_error", None)
    words = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or type(cause).__name__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({words})"
    told = str(words).replace("_", " ").lower()
    return f"no TLS connection, so no certificate of it was seen ({told})"


def from_status(url: str, status: int, headers: Mapping[str, str], words: str) -> RefusalError | FaultError:
    """Judge an answer whose status is not 200; ``words`` are the server's."""
    if status in {301, 302, 303, 307, 308}:
        target = re.sub(r"//[^/]*@", "//", headers.get("Location", "elsewhere").partition("?")[0])
        return RefusalError(url, status, f"it has moved to {target}; give that URL instead")
    wait_s = retry_after(headers)
    if wait_s is None:
        wait_s = _asked_in(words)
    spent = status == 429 and (SPENT.search(words) or (wait_s is None and _PER_DAY.search(words)))
    if spent or status in NEVER or (400 <= status < 500 and status not in PASSING):
        return RefusalError(url, 402 if spent else status, words, told=status)
    return FaultError(
        "http",
        f"{url} answered {status}: {words}".rstrip(": "),
        wait_s=wait_s,
        words=words,
        status=status,
    )


_SCRIPT = re.compile(r"(?i)<(?P<end>/?)(?P<name>script|style)(?(end)>|\b)")
_MARKUP = re.compile(r"<[^<>]*>")


def server_words(body: bytes) -> str:
    """Return what a server says about an error, uncut: its JSON message, else its text without markup."""
    text = body.decode("utf-8", "replace")
    try:
        words = words_in(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        words = ""
    if not words:
        words = " ".join(_MARKUP.sub(" ", cut_out(text, _SCRIPT)).split())
    return words


def shortened(words: str) -> str:
    """Return as many of a server's words as an error repeats."""
    return words if len(words) <= MOST_WORDS else words[:MOST_WORDS] + "…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait; None where it does not say.

    ``retry-after-ms`` (Azure, OpenAI) is the finest; ``Retry-After`` is a number or a date (RFC 9110,
    10.2.3), or what servers make of them: with a unit, by ISO 8601, or the second since 1970 that it will be.
    """
    for name, scale in (("retry-after-ms", 1000), ("x-ms-retry-after-ms", 1000), ("Retry-After", 1)):
        value = headers.get(name, "").strip()
        try:
            seconds = float(value) / scale
        except ValueError:
            seconds = _span(value) if value[:1].isdigit() else math.nan
            seconds = _until(value) if math.isnan(seconds) else seconds
        if seconds > LONGEST_WISH_S:
            seconds -= time.time()
        if seconds <= LONGEST_WISH_S:
            return max(0.0, seconds)
    return None


LONGEST_WISH_S = 366 * 86400.0
"""A longer wait than a year is none that anybody meant."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milli|s|m|h)[a-z]*\.?", re.IGNORECASE)
_SPANS = {"ms": 0.001, "milli": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _span(text: str) -> float:
    """Return the seconds of a ``30s``, ``500 ms`` or ``2 minutes``; NaN where it is none."""
    found = _SPAN.fullmatch(text)
    return float(found[1]) * _SPANS[found[2].lower()] if found else math.nan


def _until(date: str) -> float:
    """Return the seconds until a date; NaN where it is none."""
    for read in (parsedate_to_datetime, dt.datetime.fromisoformat):
        with contextlib.suppress(ValueError, OverflowError):
            moment = read(date)
            return (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - dt.datetime.now(dt.UTC)).total_seconds()
    return math.nan


def _asked_in(words: str) -> float | None:
    """Return the seconds of a "Please try again in 7m12.5s", OpenAI's words; None where nothing is said."""
    found = _TRY_AGAIN.search(words)
    if not found or not (found[1] or found[2]):
        return None
    return 60.0 * int(found[1] or 0) + float(found[2] or 0) / (1000 if found[3] == "ms" else 1)
