"""Options that say how a server is reached and how long it is waited for, made into a connection."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import click
from click.core import ParameterSource

from evalsite.cli.parameters import FILE, Taken, taken
from evalsite.client.endpoints import Endpoint
from evalsite.client.route import Route
from evalsite.client.transport import Timeouts
from evalsite.errors import UsageError
from evalsite.runner.ask import Connection
from evalsite.runner.chronicle import Budget

UNITS: Mapping[str, float] = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}

REPEATED = ("concurrency", "timeout", "idle_timeout", "attempts", "patience", "ca_file")
"""What ``resume`` takes over: nothing of it is secret, and nothing of it says where a secret is."""


class Duration(click.ParamType):  # type: ignore[type-arg]  # not generic in older click
    """Seconds, or a number with a unit: 90, 90s, 30m, 2h, 1d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds."""
        if isinstance(value, int | float):
            return float(value)
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", str(value))
        if not found or found[2] not in UNITS or not 0 < float(found[1]) < math.inf:
            self.fail(f"{value!r} is no finite duration such as 90s, 30m or 2h", param, ctx)
        return float(found[1]) * UNITS[found[2]]


class Concurrency(click.ParamType):  # type: ignore[type-arg]  # not generic in older click
    """A number from 1, or ``auto``, which is 0."""

    name = "concurrency"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        if value == "auto" or value == 0:
            return 0
        if not str(value).isdecimal():
            self.fail(f"{value!r} is neither a number from 1 nor 'auto'", param, ctx)
        return int(value)


CONCURRENCY = 8
_UNLESS_TOLD = Timeouts()


def parse_headers(headers: tuple[str, ...], option: str = "--header") -> dict[str, str]:
    """Read ``NAME=VALUE`` options; an error repeats nothing of them, for any part may be a secret."""
    pairs = [header.partition("=") for header in headers]
    for number, (name, equals, _) in enumerate(pairs, start=1):
        if not equals or not re.fullmatch(r"[\w-]+", name.strip()):
            raise UsageError(
                f"{option} number {number} is not of the form NAME=VALUE (not repeated: it may be secret)",
                hint="Such as: --header X-Team=eval, or --header 'Authorization=Bearer KEY'",
            )
    return {name.strip(): value for name, _, value in pairs}


@dataclass(frozen=True)
class ConnectionOptions(Taken):
    """What it takes to reach a server and be let in; none of it counts towards a run's identity."""

    concurrency: int = taken(
        "--concurrency",
        type=Concurrency(),
        default=CONCURRENCY,
        metavar="N|auto",
        help="Requests in flight at most, fewer while the server refuses some; 'auto' finds how many.",
    )
    timeout: float = taken(
        "--timeout",
        type=Duration(),
        default=_UNLESS_TOLD.request_s,
        show_default="15m",
        metavar="DURATION",
        help="Longest time that one request may take: seconds, or such as 30m or 2h.",
    )
    idle_timeout: float = taken(
        "--idle-timeout",
        type=Duration(),
        default=_UNLESS_TOLD.idle_s,
        show_default="2m",
        metavar="DURATION",
        help="Longest silence within an answer that has begun.",
    )
    attempts: int = taken(
        "--attempts",
        type=click.IntRange(min=1),
        default=_UNLESS_TOLD.attempts,
        help="Failures after which a sample is missing, while others are answered.",
    )
    patience: float = taken(
        "--patience",
        type=Duration(),
        default=_UNLESS_TOLD.patience_s,
        show_default="30m",
        metavar="DURATION",
        help="How long a server that answered before may be away, or send everybody away.",
    )
    time_limit: float | None = taken(
        "--time-limit", type=Duration(), metavar="DURATION", help="Ask no longer than this in all."
    )
    token_limit: int | None = taken(
        "--token-limit",
        type=click.IntRange(min=1),
        metavar="N",
        help="Ask for no more output tokens than this.",
    )
    header: tuple[str, ...] = taken(
        "--header", multiple=True, metavar="NAME=VALUE", help="Sent with every request; never recorded."
    )
    header_env: tuple[str, ...] = taken(
        "--header-env",
        multiple=True,
        metavar="NAME=VARIABLE",
        help="The same, with the value of an environment variable: for secrets, which 'ps' would show.",
    )
    api_key_env: str = taken(
        "--api-key-env",
        default="OPENAI_API_KEY",
        metavar="NAME",
        help="Environment variable that holds the API key, if the server wants one; "
        "an Authorization --header goes before it.",
    )
    ca_file: Any = taken(
        "--ca-file", type=FILE, help="Certificates to believe besides the system's (PEM): a private CA's."
    )
    proxy: str = taken(
        "--proxy",
        default="",
        metavar="URL|env",
        help="HTTP proxy; 'env' is that of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, else ignored.",
    )

    def following(self, earlier: Mapping[str, Any]) -> "ConnectionOptions":
        """Return the same with what an earlier command said, where nothing was given now."""
        source = click.get_current_context().get_parameter_source
        known = {name: earlier[name] for name in REPEATED if earlier.get(name) is not None}
        return replace(
            self, **{name: value for name, value in known.items() if source(name) is ParameterSource.DEFAULT}
        )

    def to_repeat(self) -> dict[str, Any]:
        """What a later command takes over; plain values."""
        return {
            each.name: str(value) if each.name == "ca_file" and value else value
            for each in fields(self)
            if each.name in REPEATED
            for value in [getattr(self, each.name)]
        }

    def secret_words(self) -> tuple[str, ...]:
        """The options that a later command has to be given again, since nobody writes them down."""
        words: list[str] = []
        if self.api_key_env != "OPENAI_API_KEY":
            words += ["--api-key-env", self.api_key_env]
        for pair in self.header_env:
            words += ["--header-env", pair]
        for pair in self.header:
            words += ["--header", f"{pair.partition('=')[0]}=VALUE"]
        return (*words, *(("--proxy", "env" if self.proxy == "env" else "URL") if self.proxy else ()))

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every request."""
        headers = parse_headers(self.header)
        for name, variable in parse_headers(self.header_env, "--header-env").items():
            if (value := os.environ.get(variable)) is None:
                raise UsageError(
                    f"--header-env {name}={variable}: there is no such environment variable",
                    hint=f"Set it first: export {variable}=...",
                )
            headers[name] = value
        return headers

    @property
    def api_key(self) -> str:
        """The key, where there is one."""
        return os.environ.get(self.api_key_env, "")

    def routed(self, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
        """Return endpoints with the way that leads to them."""
        route = Route(ca_file=str(self.ca_file or ""), proxy=self.proxy)
        return tuple(replace(endpoint, route=route) for endpoint in endpoints)

    def connection(self, endpoints: tuple[Endpoint, ...]) -> Connection:
        """Return how to reach the model."""
        return Connection(
            endpoints=self.routed(endpoints),
            concurrency=self.concurrency,
            timeouts=Timeouts(
                request_s=self.timeout,
                idle_s=self.idle_timeout,
                attempts=self.attempts,
                patience_s=self.patience,
            ),
            budget=Budget(self.time_limit, self.token_limit),
            headers=self.headers,
            api_key=self.api_key,
        )
