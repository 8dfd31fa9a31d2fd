"""What a server takes and keeps, found out by asking it: a table of findings with the flags that follow."""

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from msgspec import structs

from evalsite.client.description import PAGE_TIMEOUT_S, Description, describe
from evalsite.client.endpoints import PATHS, Endpoint, access
from evalsite.client.protocol import Answer, Features, request_body
from evalsite.client.transport import Timeouts, Transport
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Api, Prompt, Settings
from evalsite.words.sentences import names

REQUEST_TIMEOUT_S = 300.0
"""A slow machine may need minutes for the longest prompt."""

FEW_TOKENS = 24

CODE = "def add(a, b):\n    return a + b\n\n\ndef subtract(a, b):\n"
PATTERN = "x\n\ty\n  z\n" * 4 + "x\n"
ECHO = "Repeat this code exactly as it is:\n\n```\nif x:\n\treturn 1\n```\n"


@dataclass(frozen=True)
class Finding:
    """One row of the table. ``ok`` is None where nothing can be said; ``flag`` is what to do about it."""

    check: str
    ok: bool | None
    detail: str
    flag: str = ""


def conclusion(findings: Sequence[Finding]) -> str:
    """What was found, in a sentence: what has to be mended, else what this server can do."""
    if wrong := [finding.check for finding in findings if finding.ok is False]:
        return f"Not ready for a run: see {names(wrong, most=len(wrong))} above."
    able = [finding.check for finding in findings if finding.ok and finding.check not in _SELF_EVIDENT]
    return f"Ready for a run: {names(able, most=len(able))}."


_SELF_EVIDENT = ("server", "health", "model name")


def flags(findings: Sequence[Finding]) -> list[str]:
    """The options of ``evalsite run`` that follow, as words."""
    return [
        word for flag in dict.fromkeys(finding.flag for finding in findings) for word in shlex.split(flag)
    ]


async def examine(
    endpoint: Endpoint,
    settings: Settings,
    *,
    model: str,
    prompts: Sequence[Prompt] = (),
    headers: Mapping[str, str] | None = None,
    api_key: str = "",
) -> list[Finding]:
    """Ask a server about twenty short questions; never raises for what the server does.

    ``prompts`` are those of the run to come: the longest is tried against the context size.
    """
    sent, secrets = access([endpoint], headers, api_key)
    limits = Timeouts(request_s=REQUEST_TIMEOUT_S)
    async with Transport(limits, sent, secrets) as transport:
        doctor = _Examination(transport, endpoint, settings, model)
        if not await doctor.server():
            return doctor.findings
        if await doctor.apis():
            await doctor.streaming()
            await doctor.choices()
            await doctor.repeatability()
            await doctor.stops()
            await doctor.whitespace()
            await doctor.context(prompts)
    return doctor.findings


class _Examination:
    def __init__(self, transport: Transport, endpoint: Endpoint, settings: Settings, model: str) -> None:
        self._transport = transport
        self._endpoint = endpoint
        self._settings = settings
        self._model = model
        self._described = Description({}, ())
        self.findings: list[Finding] = []

    async def server(self) -> bool:
        """Check that something answers, its health, and the model's name; return False if nothing does."""
        try:
            health = await self._look(f"{self._endpoint.root}/health")
            self._described = await describe(self._transport, self._endpoint)
        except EndpointError as error:
            self._add("server", False, error.message)
            return False
        told = ", ".join(f"{name} {value}" for name, value in self._described.told.items())
        self._add("server", True, told or "answers, but tells nothing of itself")
        if health.status == 200:
            self._add("health", True, "/health answers 200")
        else:
            missing = health.status in {401, 403, 404, 405}
            self._add("health", None if missing else False, f"/health answers {health.status}")
        models = self._described.models
        if not models:
            self._add("model name", None, "/models lists nothing")
        elif self._model in models:
            self._add("model name", True, self._model)
        else:
            detail = f"{self._model!r} is not among {names(models)}"
            self._add("model name", False, detail, f"--model-name {shlex.quote(models[0])}")
        return True

    async def apis(self) -> bool:
        """Try both APIs; go on with the one asked for, else with the other; return False if neither works."""
        wanted = self._settings.api
        tried: dict[Api, Answer | EndpointError] = {}
        for api in get_args(Api):
            self._switch(api)
            tried[api] = await self._ask(CODE, stream=False)
        working = [api for api, answer in tried.items() if isinstance(answer, Answer)]
        for api, answer in tried.items():
            if isinstance(answer, Answer):
                self._add(f"{api} API", True, _shown(_text(answer)))
            else:  # one that works is enough
                flag = f"--api {working[0]}" if working and api == wanted else ""
                self._add(f"{api} API", None if working else False, answer.message, flag)
        if working:
            self._switch(wanted if wanted in working else working[0])
        return bool(working)

    async def streaming(self) -> None:
        """Check that answers stream, and that token counts come with them."""
        answer = await self._ask(CODE)
        if not isinstance(answer, Answer):
            self._add("streaming", False, answer.message, "--no-stream")
        elif not answer.streamed:
            detail = "answers in one piece: no time to the first token"
            self._add("streaming", None, detail, "--no-stream")
        else:
            self._add("streaming", True, f"{sum(c.chunks for c in answer.choices.values())} chunks")
        counted = isinstance(answer, Answer) and answer.completion_tokens is not None
        detail = "the server counts tokens" if counted else "no token counts: no time per output token"
        self._add("token counts", counted or None, detail)

    async def choices(self) -> None:
        """Check whether one request may ask for several samples."""
        answer = await self._ask(CODE, n=2, temperature=0.8)
        got = len(answer.choices) if isinstance(answer, Answer) else 0
        words = "" if isinstance(answer, Answer) else f" ({answer.message})"
        if got == 2:
            self._add("several choices (n)", True, "2 asked for, 2 came")
        else:
            self._add("several choices (n)", None, f"samples are asked for one by one{words}")

    async def repeatability(self) -> None:
        """Check that greedy answers and seeded samples come out the same twice."""
        first, second = [await self._text(CODE, temperature=0.0) for _ in range(2)]
        same = None if first is None or second is None else first == second
        self._add("greedy twice", same, "the same answer" if same else "two answers to the same question")
        one, again, other = [
            await self._text(CODE, temperature=1.0, top_p=1.0, seed=seed) for seed in (1, 1, 2)
        ]
        if one is None or again is None:
            self._add("seed", None, "the server does not take a seed")
        elif one == again:
            differs = "and another seed another" if other != one else "but another seed gives it too"
            self._add("seed", True, f"the same seed gives the same answer, {differs}")
        else:
            self._add("seed", False, "the same seed gives another answer: runs cannot be repeated")

    async def stops(self) -> None:
        """Check that a stop sequence cuts an answer off; only the completions API is sent any."""
        if self._settings.api == "chat":
            return
        whole = await self._text(CODE, temperature=0.0)
        if not whole or len(whole) < 4:
            self._add("stop", None, "the answer is too short to cut")
            return
        stop = whole[len(whole) // 2 :][:3]
        cut = await self._text(CODE, temperature=0.0, stop=(stop,))
        if cut is None:
            self._add("stop", False, "the server refuses stop sequences")
        elif stop not in cut and len(cut) < len(whole):
            self._add("stop", True, f"{stop!r} ends the answer")
        else:
            self._add("stop", False, "stop sequences are ignored: answers run on", "--api chat")

    async def whitespace(self) -> None:
        """Check that leading spaces, tabs and newlines arrive as the model wrote them."""
        if self._settings.api == "chat":
            answer = await self._text(ECHO, temperature=0.0) or ""
            kept = True if "if x:\n\treturn 1" in answer else None
        else:
            answer = await self._text(PATTERN, temperature=0.0) or ""
            kept = True if answer.startswith("\ty\n") else False if answer.startswith("y") else None
        details = {
            True: "tabs and newlines survive",
            False: "leading whitespace is cut off: indentation will be wrong",
            None: f"cannot tell from {_shown(answer)}",
        }
        self._add("whitespace", kept, details[kept], "--api chat" if kept is False else "")

    async def context(self, prompts: Sequence[Prompt]) -> None:
        """Check that the longest prompt and the longest answer fit together."""
        if not prompts:
            return
        longest = max(prompts, key=lambda prompt: len(prompt.text))
        answer = await self._ask(longest.text, max_tokens=1, stream=False)
        if not isinstance(answer, Answer):
            self._add("context", False, f"{longest.problem}: {answer.message}")
            return
        wanted = self._settings.max_tokens
        size = self._described.context
        if answer.prompt_tokens is None:
            self._add("context", None, "the server does not count the prompt's tokens")
            return
        sum_ = f"{longest.problem} takes {answer.prompt_tokens} tokens, and {wanted} may follow"
        if size is None:
            self._add("context", None, f"{sum_}; the server does not tell its context size")
        else:
            fits = answer.prompt_tokens + wanted <= size
            flag = "" if fits else f"--max-tokens {max(1, size - answer.prompt_tokens)}"
            self._add("context", fits, f"{sum_}; the context holds {size}", flag)

    def _add(self, check: str, ok: bool | None, detail: str, flag: str = "") -> None:
        self.findings.append(Finding(check, ok, detail, flag))

    async def _look(self, url: str) -> Any:
        return await self._transport.look(url, self._endpoint, within_s=PAGE_TIMEOUT_S)

    def _switch(self, api: Api) -> None:
        self._endpoint = dataclasses.replace(self._endpoint, api=api, url=self._endpoint.base + PATHS[api])
        self._settings = structs.replace(self._settings, api=api)

    async def _ask(
        self, text: str, *, n: int = 1, seed: int | None = None, **changes: Any
    ) -> Answer | EndpointError:
        """Ask once with settings changed; return the answer, or the error that it met."""
        chosen = structs.replace(self._settings, **({"max_tokens": FEW_TOKENS, "stop": ()} | changes))
        prompt = Prompt(problem="probe", text=text, form="completion")
        body = request_body(prompt, chosen, Features(), model=self._model, n=n, seed=seed)
        try:
            return await self._transport.ask(self._endpoint, body, reuse=False)
        except EndpointError as error:
            return error

    async def _text(self, text: str, **changes: Any) -> str | None:
        answer = await self._ask(text, stream=False, **changes)
        return _text(answer) if isinstance(answer, Answer) else None


def _text(answer: Answer) -> str:
    return next(iter(answer.choices.values())).text


def _shown(text: str) -> str:
    short = repr(text)
    return short if len(short) <= 60 else short[:60] + "…"
