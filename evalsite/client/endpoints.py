"""Where to ask: the address of one API of one server, with what is secret about it kept apart."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from evalsite.client.route import DIRECT, Route
from evalsite.errors import UsageError
from evalsite.rundir.schema import Api

DEFAULT_API: Api = "completions"
"""Taken where neither the URL nor whoever calls names an API; commands ask the server first."""

PATHS: Mapping[Api, str] = {"completions": "/completions", "chat": "/chat/completions"}

_HINT = (
    "Give a base such as http://localhost:8081, or a full path such as http://localhost:8081/v1/completions."
)
_SHORTEST_SECRET = 4
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110, 5.6.2."""

_PLAIN_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})
"""Their values are no secrets, and may well stand in an answer."""


@dataclass(frozen=True)
class Endpoint:
    """One API of one server. ``url`` is complete and safe to show: no credentials, no query.

    ``query`` and ``authorization`` came with the URL and may hold secrets; they are sent, never shown.
    """

    url: str
    api: Api
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    authorization: str = field(default="", repr=False)
    route: Route = DIRECT

    @property
    def base(self) -> str:
        """The URL without the API's path, usually ending in ``/v1``."""
        return self.url.removesuffix(PATHS[self.api])

    @property
    def to_show(self) -> str:
        """The base with the names of what is secret behind it, as a command to be filled in holds it."""
        names = "&".join(f"{name}=VALUE" for name, _ in self.query)
        return f"{self.base}?{names}" if names else self.base

    @property
    def root(self) -> str:
        """The server's own root, where ``/health``, ``/props`` and ``/version`` live."""
        return self.base.removesuffix("/v1")

    def secrets(self) -> frozenset[str]:
        """Return every string of the URL that must never be shown."""
        parts = {value for _, value in self.query} | self.route.secrets()
        if self.authorization:
            token = self.authorization.removeprefix("Basic ")
            name, _, password = base64.b64decode(token).decode().partition(":")
            parts |= {token, password or name}  # some services take the key as the user's name
        return frozenset(part for part in parts if len(part) >= _SHORTEST_SECRET)


def parse_endpoint(url: str, api: Api | None = None) -> Endpoint:
    """Read a user's ``--model-endpoint``: a base, a base with ``/v1``, or the full path of an API.

    A full path decides the API; else ``api`` does, else :data:`DEFAULT_API`. Raises UsageError, which never
    repeats credentials, for what is not such a URL or contradicts ``api``.
    """
    parts = _split(url)
    path = parts.path.rstrip("/")
    named = _api_of(path)
    if named and api and named != api:
        raise UsageError(f"the endpoint's path {path} is not that of the {api} API", hint=_HINT)
    chosen = named or api or DEFAULT_API
    if not named:
        path = (path or "/v1") + PATHS[chosen]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return Endpoint(
        url=f"{parts.scheme}://{host}{port}{path}",
        api=chosen,
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        authorization=_basic(parts),
    )


def names_api(url: str) -> bool:
    """Whether a user's ``--model-endpoint`` is the full path of an API."""
    return _api_of(_split(url).path.rstrip("/")) is not None


def access(
    endpoints: Iterable[Endpoint], headers: Mapping[str, str] | None, api_key: str
) -> tuple[dict[str, str], frozenset[str]]:
    """Return the headers to send, and every string that must never be shown, bare tokens included.

    An ``Authorization`` among the headers goes before the key, which may be there for another server.
    Raises UsageError, which repeats no value, for a header or key that cannot be sent.
    """
    sent = dict(headers or {})
    api_key = api_key.strip().removeprefix("Bearer ").strip()
    if api_key and "authorization" not in map(str.lower, sent):
        sent["Authorization"] = f"Bearer {api_key}"
    for name, value in sent.items():
        if not _HEADER_NAME.fullmatch(name) or not value.isprintable():
            raise UsageError(
                "a header or the API key holds what HTTP does not allow (not repeated: it may be secret)",
                hint="Write headers as --header NAME=VALUE, and see that the key is one line of plain text.",
            )
    found = {api_key}
    for name, value in sent.items():
        if name.lower() not in _PLAIN_HEADERS:
            found |= {value, value.rpartition(" ")[2]}
    secrets = frozenset(value for value in found if len(value) >= _SHORTEST_SECRET)
    secrets = secrets.union(*(endpoint.secrets() for endpoint in endpoints))
    return sent, secrets | {quote(secret, safe="") for secret in secrets}


def scrub(text: str, secrets: frozenset[str]) -> str:
    """Return the text with every secret in it replaced: servers like to repeat the key that they refuse."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _split(url: str) -> SplitResult:
    query = url.partition("?")[2]  # or the rest of a password: an @ in it may part either
    shown = "(not repeated)" if "@" in query else url.rpartition("@")[2].partition("?")[0]
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError as exc:  # its words may repeat a piece of the password
        raise UsageError(f"not a usable endpoint: {shown}", hint=_HINT) from exc
    if not usable:
        raise UsageError(f"not the URL of an HTTP server: {shown}", hint=_HINT)
    if "@" in parts.path:
        raise UsageError(
            f"an @ behind the first slash of an endpoint: {shown}",
            hint="A slash in a user's name or password is written %2F.",
        )
    return parts


def _api_of(path: str) -> Api | None:
    if path.endswith("/chat/completions"):
        return "chat"
    return "completions" if path.endswith("/completions") else None


def _basic(parts: SplitResult) -> str:
    if parts.username is None and parts.password is None:
        return ""
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
