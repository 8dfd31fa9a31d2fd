"""Which API a server speaks, found out by asking it one short question: an address alone does not say.

A chat model whose chat template is left out answers worse, and nothing shows it. So chat is tried first, and
text to continue only where the server refuses that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from evalsite.client.endpoints import PATHS, Endpoint, access
from evalsite.client.faults import ONE_PROMPT, FaultError, RefusalError, sampling_to_try
from evalsite.client.patience import Patience
from evalsite.client.protocol import Features, request_body
from evalsite.client.refusals import is_about_prompt, refused_feature
from evalsite.client.transport import Timeouts, Transport
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Api, Prompt, Settings

FEW_TOKENS = 8
WITHIN_S = 300.0
"""A slow machine may need minutes for a prompt."""
WAITS_S = (0.5, 2.0)
"""Before another try, where a server failed to answer."""

_NO_SUCH_API = frozenset({"html", "http"})
"""Kinds of fault that a server has in place of an API."""
_HALF_AN_ANSWER = frozenset({"malformed", "no-choices", "aborted", "cut-off"})
"""Kinds of fault that show the API to be there."""


async def choose_api(
    endpoint: Endpoint,
    model: str,
    prompts: Mapping[Api, Prompt],
    *,
    headers: Mapping[str, str] | None = None,
    api_key: str = "",
    patience: Patience | None = None,
) -> tuple[Api, str]:
    """Return the API to ask a server by, and in a clause what it says of the other one.

    ``prompts``: one question, in each API's words. A server that loads its model is waited for, as long as
    ``patience`` lasts. Raises :class:`EndpointError` where neither API works.
    """
    sent, secrets = access([endpoint], headers, api_key)
    limits = Timeouts(request_s=WITHIN_S)
    patience = patience or Patience(limits.unproven_s)

    async def refusal_by(api: Api) -> EndpointError | None:
        asked = replace(endpoint, api=api, url=endpoint.base + PATHS[api])
        return await _refusal(
            lambda body: patience.ask(asked.url, lambda: transport.ask(asked, body, reuse=False)),
            model,
            prompts[api],
            api,
        )

    async with Transport(limits, sent, secrets) as transport:
        refusal = await refusal_by("chat")
        if refusal is None:
            return "chat", ""
        if await refusal_by("completions") is None:
            return "completions", refusal.message
        raise refusal


async def _refusal(
    ask: Callable[[bytes], Awaitable[object]], model: str, prompt: Prompt, api: Api
) -> EndpointError | None:
    """Why a server does not speak an API; None where it does.

    Raises EndpointError where it cannot be reached or wants a key: that is no word on the API.
    """
    settings = Settings(api=api, prompt="", temperature=0.0, top_p=1.0, max_tokens=FEW_TOKENS, stream=False)
    features = Features()
    met: RefusalError | FaultError | None = None
    for wait_s in (*WAITS_S, 0.0):
        body = request_body(prompt, settings, features, model=model, n=1, seed=None)
        try:
            await ask(body)
        except RefusalError as refusal:
            if refusal.status in {401, 403}:
                raise
            if refusal.status in ONE_PROMPT and (
                is_about_prompt(refusal.words) or sampling_to_try(refusal.words)
            ):
                return None  # who refuses this question's length or its temperature takes others
            feature = refused_feature(features, 1, refusal)
            if not feature:
                return refusal
            features, met = features.without(feature), refusal
        except FaultError as fault:
            if fault.kind in _HALF_AN_ANSWER:
                return None
            if fault.is_busy:  # for longer than anybody wants to wait
                raise
            met = fault
            await asyncio.sleep(wait_s)
        else:
            return None
    assert met is not None
    unheard = isinstance(met, FaultError) and (met.is_away or met.kind not in _NO_SUCH_API)
    if unheard:
        raise met
    return met
