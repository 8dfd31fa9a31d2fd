"""What a server can be asked: tried with a piece of the text, and believed by what comes back alone."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from evalsite.client.endpoints import Endpoint
from evalsite.client.inquiry import Inquiry, choice_of
from evalsite.client.patience import Patience
from evalsite.client.protocol import Answer
from evalsite.client.transport import Transport
from evalsite.distance.schema import Text, Way
from evalsite.errors import EndpointError, EndpointRefusedError
from evalsite.forcing.ways import (
    Step,
    UnhonouredError,
    joined,
    read_along,
    read_next,
    settings_for,
    up_to,
)
from evalsite.rundir.schema import Prompt

LADDER = (1000, 100, 20, 10, 5)
"""Tokens to have named at a place, tried from above: servers refuse more than they give, or give fewer."""
FEWEST = 2
FEW = 5
ALIKE = 0.5
"""Nats that the likeliest token's log-probability may differ by between two ways to ask one server."""
PROBED = 8
"""Places at which a chat is seen to go on."""
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

    async def find(
        self, piece: Prompt, most: int, only: Way | None = None, own: Sequence[Text] = ()
    ) -> Trial:
        """Return the best way that works. Raises EndpointError where there is none, with what would help.

        ``own``: texts whose answers are the model's own, by which it is seen whether a chat goes on.
        """
        refused: list[str] = []
        missing = 0
        text = piece if self._endpoint.api == "chat" else joined(piece)
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
                missing += getattr(error, "status", 0) in (404, 405)
                continue
            except UnhonouredError as error:
                refused.append(f"{way}: {error}")
                continue
            if self._endpoint.api == "chat":
                await self._see_that_it_goes_on(own)
            best, got = await self._most(way, text, most, got)
            return Trial(way, best, got, "; ".join(refused))
        if missing == len(refused) and self._endpoint.api == "completions":
            raise EndpointRefusedError(
                f"{self._endpoint.url} is not there, and a distance is along plain text, around which a chat "
                "puts its template",
                hint="Ask a server with the completions API; or lead both along the answers of a run of the "
                "baseline that the chat API gave: --base RUN --over answers",
            )
        raise EndpointRefusedError(
            f"{self._endpoint.url} gives no log-probabilities: {'; '.join(refused)}", hint=NEEDED
        )

    async def _see_that_it_goes_on(self, own: Sequence[Text]) -> None:
        """See that a server goes on with the beginning of an answer, instead of answering it: at most places
        of its own answers what follows is among what it names. Raises EndpointRefusedError.
        """
        some = [own[len(own) * part // PROBED] for part in range(PROBED)] if own else []
        went_on = 0
        for number, text in enumerate(some):
            at = text.positions[len(text.positions) * (2 * number + 1) // (2 * PROBED)]
            named = read_next(await self._told("prefix", up_to(text, at), FEW)).named[:FEW]
            went_on += any(token and text.text.startswith(token, at) for token, _ in named)
        if 2 * went_on < len(some):
            raise EndpointRefusedError(
                f"{self._endpoint.url} does not go on with an answer that is begun: what follows in its own "
                f"answers is named at {went_on} of {len(some)} places",
                hint="Ask its completions API, along reference solutions: leave --over answers out.",
            )

    async def _see_that_it_is_true(self, way: Way, prompt: Prompt) -> None:
        """Hold what is told along a text against what is told of a few prefixes, where these are answered.

        llama.cpp's Python server puts each token's alternatives one place too early. Raises UnhonouredError.
        """
        text = prompt.text
        along = read_along(await self._told(way, prompt, FEW), text)
        places = sorted(along)
        tried = [places[len(places) * part // 4] for part in (1, 2, 3)]
        agreeing = 0
        for at in tried:
            try:
                alone = read_next(await self._told("prefix", structs.replace(prompt, text=text[:at]), FEW))
            except (EndpointError, UnhonouredError):
                return
            token, logprob = alone.named[0]
            agreeing += abs(dict(along[at].named).get(token, -math.inf) - logprob) < ALIKE
        if 2 * agreeing < len(tried):
            raise UnhonouredError("it tells other probabilities of a place in a text than of the same prefix")

    async def _most(self, way: Way, prompt: Prompt, most: int, got: int) -> tuple[int, int]:
        """The most tokens that the server names, up to ``most``, and how many it then names."""
        for number in _steps_down(most):
            try:
                named = await self._named(way, prompt, number)
            except (EndpointError, UnhonouredError):
                continue
            if named >= got:
                return number, named
        return FEW, got

    async def _named(self, way: Way, prompt: Prompt, most: int) -> int:
        """How many tokens are named at a place."""
        steps = _read(way, await self._told(way, prompt, most), prompt.text)
        named = max(len(step.named) for step in steps)
        if named < FEWEST:
            raise UnhonouredError(
                f"it names {named} token at a place, and the distance takes {FEWEST} or more"
            )
        return named

    async def _told(self, way: Way, prompt: Prompt, most: int) -> Any:
        """What is told of log-probabilities, as it stands there."""
        settings = settings_for(way, self._endpoint.api, most)
        asked = Inquiry(self._transport, self._endpoint, settings, self._model, self._patience)
        answer = await asked.ask(prompt, max_tokens=1)
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
