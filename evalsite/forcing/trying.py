"""What a server can be asked: tried with a piece of the text, and believed by what comes back alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evalsite.client import Endpoint
from evalsite.client.inquiry import Inquiry, choice_of
from evalsite.client.patience import Patience
from evalsite.client.protocol import Answer
from evalsite.client.transport import Transport
from evalsite.distance.records import Way
from evalsite.errors import EndpointError, EndpointRefusedError
from evalsite.forcing.ways import Step, UnhonouredError, read_along, read_next, settings_for

LADDER = (1000, 100, 20, 10, 5)
"""Tokens to have named at a place, tried from above: servers refuse more than they give, or give fewer."""
FEWEST = 2
FEW = 5
ALIKE = 0.5
"""Nats that the likeliest token's log-probability may differ by between two ways to ask one server."""
WHOLE: tuple[Way, ...] = ("prompt_logprobs", "echo")
"""Ways that take one request a text, in the order that they are tried."""


@dataclass(frozen=True)
class Trial:
    """What a server was found to take."""

    way: Way
    most: int
    """Tokens to ask for at a place."""
    got: int
    """Tokens that it then named."""
    told: str = ""
    """What it answered to ways that it does not honour, in a clause."""


class Examiner:
    """Tries the ways with one server."""

    def __init__(self, transport: Transport, endpoint: Endpoint, model: str, patience: Patience) -> None:
        self._transport, self._endpoint = transport, endpoint
        self._model, self._patience = model, patience

    async def find(self, text: str, most: int, only: Way | None = None) -> Trial:
        """Return the best way that works. Raises EndpointError where there is none, with what would help."""
        refused: list[str] = []
        for way in (*WHOLE, "prefix") if only is None else (only,):
            if way in WHOLE and self._endpoint.api == "chat":
                continue
            try:
                got = await self._named(way, text, FEW)
                if way in WHOLE:
                    await self._see_that_it_is_true(way, text)
            except EndpointError as error:
                if getattr(error, "status", 0) in (401, 403) or _unreached(error):
                    raise
                refused.append(f"{way}: {error.message}")
                continue
            except UnhonouredError as error:
                refused.append(f"{way}: {error}")
                continue
            best, got = await self._most(way, text, most, got)
            return Trial(way, best, got, "; ".join(refused))
        raise EndpointRefusedError(
            f"{self._endpoint.url} gives no log-probabilities: {'; '.join(refused)}", hint=NEEDED
        )

    async def _see_that_it_is_true(self, way: Way, text: str) -> None:
        """Hold what is told along a text against what is told of a few prefixes, where these are answered.

        llama.cpp's Python server puts each token's alternatives one place too early. Raises UnhonouredError.
        """
        along = read_along(await self._told(way, text, FEW), text)
        places = sorted(along)
        tried = [places[len(places) * part // 4] for part in (1, 2, 3)]
        agreeing = 0
        for at in tried:
            try:
                alone = read_next(await self._told("prefix", text[:at], FEW))
            except (EndpointError, UnhonouredError):
                return
            token, logprob = alone.named[0]
            agreeing += abs(dict(along[at].named).get(token, -math.inf) - logprob) < ALIKE
        if 2 * agreeing < len(tried):
            raise UnhonouredError("it tells other probabilities of a place in a text than of the same prefix")

    async def _most(self, way: Way, text: str, most: int, got: int) -> tuple[int, int]:
        """The most tokens that the server names, up to ``most``, and how many it then names."""
        for number in _steps_down(most):
            try:
                named = await self._named(way, text, number)
            except (EndpointError, UnhonouredError):
                continue
            if named >= got:
                return number, named
        return FEW, got

    async def _named(self, way: Way, text: str, most: int) -> int:
        """How many tokens are named at a place."""
        steps = _read(way, await self._told(way, text, most), text)
        named = max(len(step.named) for step in steps)
        if named < FEWEST:
            raise UnhonouredError(
                f"it names {named} token at a place, and the distance takes {FEWEST} or more"
            )
        return named

    async def _told(self, way: Way, text: str, most: int) -> Any:
        """What is told of log-probabilities, as it stands there."""
        settings = settings_for(way, self._endpoint.api, most)
        asked = Inquiry(self._transport, self._endpoint, settings, self._model, self._patience)
        answer = await asked.ask(text, max_tokens=1)
        if not isinstance(answer, Answer):
            raise answer
        return choice_of(answer).logprobs


NEEDED = (
    "llama.cpp's llama-server gives them by itself, its Python server with --logits_all true; vLLM and "
    "SGLang do, vLLM more than 20 at a place with --max-logprobs 1000; Ollama does from 0.12.11 on. "
    "docs/distance.md has the recipes."
)


def _read(way: Way, logprobs: object, text: str) -> list[Step]:
    if way == "prefix":
        return [read_next(logprobs)]
    return list(read_along(logprobs, text).values())


def _steps_down(most: int) -> Iterator[int]:
    yield most
    yield from (number for number in LADDER if number < most)


def _unreached(error: EndpointError) -> bool:
    """Whether nobody was there to refuse anything."""
    return getattr(error, "kind", "") in ("connect", "timeout", "tls", "reset")
