"""Questions to a server before a run: what it refuses is left out of the next one, and becomes a finding."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from evalsite.client.endpoints import PATHS, Endpoint
from evalsite.client.faults import ONE_PROMPT, RefusalError, sampling_to_try
from evalsite.client.patience import Patience
from evalsite.client.protocol import Answer, Choice, Features, request_body
from evalsite.client.refusals import refused_feature
from evalsite.client.transport import Transport
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Api, Prompt, Settings

FEW_TOKENS = 24


@dataclass(frozen=True)
class Finding:
    """One row of the table. ``ok`` is None where nothing can be said; ``flag`` is what to do about it."""

    check: str
    ok: bool | None
    detail: str
    flag: str = ""


class Inquiry:
    """Asks a server, and collects what is found out."""

    def __init__(
        self, transport: Transport, endpoint: Endpoint, settings: Settings, model: str, patience: Patience
    ) -> None:
        self.transport = transport
        self.patience = patience
        self._features = Features(reuse=False)
        self.takes_temperature = True
        self.endpoint = endpoint
        self.settings = settings
        self.model = model
        self.findings: list[Finding] = []

    def add(self, check: str, ok: bool | None, detail: str, flag: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(check, ok, detail, flag))

    def switch(self, api: Api) -> None:
        """Ask by this API from now on."""
        self.endpoint = replace(self.endpoint, api=api, url=self.endpoint.base + PATHS[api])
        self.settings = structs.replace(self.settings, api=api)

    async def ask(
        self, text: str | Prompt, *, n: int = 1, seed: int | None = None, **changes: Any
    ) -> Answer | EndpointError:
        """Ask once with settings changed; return the answer, or the error that it met."""
        chosen = structs.replace(self.settings, **({"max_tokens": FEW_TOKENS, "stop": ()} | changes))
        prompt = text if isinstance(text, Prompt) else Prompt(problem="probe", text=text, form="completion")
        endpoint = self.endpoint
        while True:
            if not self.takes_temperature:
                chosen = structs.replace(chosen, temperature=1.0)
            body = request_body(prompt, chosen, self._features, model=self.model, n=n, seed=seed)
            try:
                send = functools.partial(self.transport.ask, endpoint, body, reuse=False)
                return await self.patience.ask(endpoint.url, send)
            except RefusalError as refusal:
                if not (mended := self._mended(chosen, n, refusal)):
                    return refusal
                chosen = mended
            except EndpointError as error:
                return error

    def _mended(self, chosen: Settings, n: int, refusal: RefusalError) -> Settings | None:
        """Return settings to ask again with, where a refusal names what may be left out; it becomes a row."""
        feature = refused_feature(self._features, n, refusal)
        if feature in _DONE_WITHOUT:
            self._features = self._features.without(feature)
            self.add(*_DONE_WITHOUT[feature])
            return chosen
        option = sampling_to_try(refusal.words) if refusal.status in ONE_PROMPT else ""
        if option == "--top-p 1" and chosen.top_p != 1:
            self.settings = structs.replace(self.settings, top_p=1.0)
            self.add("top-p", False, refusal.message, option)
            return structs.replace(chosen, top_p=1.0)
        if option and chosen.temperature != 1 and self.takes_temperature:
            meant = self.settings.temperature != 1  # else it was only tried
            self.takes_temperature = False
            self.settings = structs.replace(self.settings, temperature=1.0)
            self.add("temperature", not meant and None, refusal.message, "--temperature 1" if meant else "")
            return chosen
        return None

    async def text(self, text: str, **changes: Any) -> str | None:
        """Ask, and return what was said; None where there was no answer."""
        answer = await self.ask(text, stream=False, **changes)
        return text_of(answer) if isinstance(answer, Answer) else None

    async def said(self, text: str, **changes: Any) -> str | None:
        """The same with what was thought before it."""
        answer = await self.ask(text, stream=False, **changes)
        return thoughts_of(answer) + text_of(answer) if isinstance(answer, Answer) else None


_DONE_WITHOUT: Mapping[str, tuple[str, bool | None, str]] = {
    "max_tokens": ("token limit", True, "is sent as max_completion_tokens, which this model wants"),
    "stream_usage": ("stream_options", None, "refused, so not sent"),
}
"""Features of a request that the doctor leaves out once they are refused -> the row that says so."""


def choice_of(answer: Answer) -> Choice:
    """Return an answer's first choice."""
    return next(iter(answer.choices.values()))


def text_of(answer: Answer) -> str:
    """Return what was said."""
    return choice_of(answer).text


def thoughts_of(answer: Answer) -> str:
    """Return what was thought before it."""
    return "".join(choice_of(answer).reasoning)


def shown(text: str) -> str:
    """Return a text's beginning, as a row holds it."""
    short = repr(text)
    return short if len(short) <= 60 else short[:60] + "…"
