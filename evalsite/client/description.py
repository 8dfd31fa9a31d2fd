"""What a server tells of itself, asked before a run: cheap, and nothing is generated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalsite.client.endpoints import Endpoint, access
from evalsite.client.faults import FaultError, server_words
from evalsite.client.protocol import UnusableError, model_id
from evalsite.client.shapes import decode
from evalsite.client.transport import LARGEST_ERROR, Page, Timeouts, Transport
from evalsite.errors import EndpointError, EndpointFaultError

PAGE_TIMEOUT_S = 10.0

SHOWN_MODELS = 5
"""Models that are named of a server which lists many."""


@dataclass(frozen=True)
class Description:
    """What a server tells of itself; empty where it tells nothing."""

    told: dict[str, str]
    """Short facts under names of our own, such as ``{"models": ..., "version": ...}``."""
    models: tuple[str, ...]
    """All models that it lists, as it spells them."""
    doubt: str = ""
    """Why it told nothing, where that is worth a word."""

    @property
    def context(self) -> int | None:
        """The context size in tokens, where it is told."""
        size = self.told.get("context", "")
        return int(size) if size.isdecimal() else None

    def doubts(self, model: str, max_tokens: int) -> Iterator[str]:
        """Yield what speaks against a run, though the server may serve it all the same."""
        if self.doubt:
            yield self.doubt
        names = tuple(map(model_id, self.models))
        if names and model not in {*self.models, *names}:
            listed = ", ".join(names[:SHOWN_MODELS])
            yield f"the server does not list the model {model!r}, but {listed}"
        if self.context is not None and max_tokens >= self.context:
            yield (
                f"the server's context holds {self.context} tokens: "
                f"--max-tokens {max_tokens} leaves no room for a prompt"
            )


async def greet(
    endpoints: Sequence[Endpoint], *, headers: Mapping[str, str] | None = None, api_key: str = ""
) -> list[Description]:
    """Return what each server tells of itself.

    Raises EndpointError if no server can be reached, or all answer with web pages. One of several that does
    not answer is a doubt, and so is a page that a key may not see: it may be good for requests alone.
    """
    sent, secrets = access(endpoints, headers, api_key)
    async with Transport(Timeouts(), sent, secrets) as transport:
        found: list[Description | EndpointError] = []
        for endpoint in endpoints:
            try:
                found.append(await describe(transport, endpoint))
            except EndpointError as error:
                found.append(error)
    answered = [each for each in found if isinstance(each, Description)]
    if not answered:
        raise next(each for each in found if isinstance(each, EndpointError))
    return [each if isinstance(each, Description) else Description({}, (), each.message) for each in found]


async def describe(transport: Transport, endpoint: Endpoint) -> Description:
    """Ask a server for ``/v1/models``, ``/props`` and ``/version``; raises EndpointError."""
    models = await _page(transport, endpoint, f"{endpoint.base}/models")
    told = dict(_of_models(models))
    for name in ("props", "version"):
        try:
            page = await transport.look(f"{endpoint.root}/{name}", endpoint, within_s=PAGE_TIMEOUT_S)
        except FaultError:
            continue  # the server lives: it has answered before, and these pages are its own affair
        told |= dict(_of_props(_json(page)) if name == "props" else _of_version(_json(page)))
    words = transport.excerpt(server_words(models.body[:LARGEST_ERROR]))
    refused = f"it does not list its models ({models.status}: {words})"
    return Description(
        {name: transport.hide(value) for name, value in told.items()},
        tuple(map(transport.hide, models_in(models))),
        refused if models.status in {401, 403} else "",
    )


def models_in(page: Page) -> list[str]:
    """Return the model names that a ``/v1/models`` page lists, as the server spells them."""
    data = _json(page).get("data")
    entries = data if isinstance(data, list) else []
    return [e["id"] for e in entries if isinstance(e, dict) and isinstance(e.get("id"), str)]


async def _page(transport: Transport, endpoint: Endpoint, url: str) -> Page:
    try:
        page = await transport.look(url, endpoint, within_s=PAGE_TIMEOUT_S)
    except FaultError as fault:
        hint = fault.hint if fault.kind == "tls" else "Is the server up, and this its address?"
        raise EndpointFaultError(fault.message, hint=hint) from fault
    if page.status == 200 and page.body.lstrip().startswith(b"<"):
        raise EndpointFaultError(
            f"{url} answers with a web page, not with JSON",
            hint="Is this the model's server? The URL of its API usually ends in /v1.",
        )
    return page


def _json(page: Page) -> dict[str, Any]:
    if page.status != 200:
        return {}
    try:
        data = decode(page.body)
    except UnusableError:
        return {}
    return data if isinstance(data, dict) else {}


def _of_models(page: Page) -> Iterator[tuple[str, str]]:
    names = models_in(page)
    if names:
        shown = ", ".join(map(model_id, names[:SHOWN_MODELS]))
        yield "models", shown + (", …" if len(names) > SHOWN_MODELS else "")
    entries = _json(page).get("data")
    if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], dict):
        meta = entries[0].get("meta")
        yield from _named(entries[0], {"owned_by": "owner", "max_model_len": "context"})
        yield from _named(
            meta if isinstance(meta, dict) else {},
            {"n_ctx": "context", "n_params": "parameters", "ftype": "quantization"},
        )


def _of_props(props: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _named(props, {"build_info": "version", "total_slots": "slots", "model_ftype": "quantization"})
    generation = props.get("default_generation_settings")
    if isinstance(generation, dict):
        yield from _named(generation, {"n_ctx": "context"})


def _of_version(version: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _named(version, {"version": "version"})


def _named(data: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the plain values of a server's page under names of our own."""
    for theirs, ours in names.items():
        value = data.get(theirs)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            yield ours, re.sub(r"\s+", " ", str(value))[:200]
