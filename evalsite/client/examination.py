"""What a server takes and keeps, found out by asking it: a table of findings with the flags that follow."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import get_args

from evalsite.client.description import PAGE_TIMEOUT_S, Description, describe
from evalsite.client.endpoints import Endpoint, access
from evalsite.client.inquiry import Finding, Inquiry, choice_of, shown, text_of, thoughts_of
from evalsite.client.patience import Patience
from evalsite.client.protocol import Answer
from evalsite.client.transport import Timeouts, Transport
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Api, Prompt, Settings
from evalsite.words.sentences import count, names

REQUEST_TIMEOUT_S = 300.0
"""A slow machine may need minutes for the longest prompt."""

CODE = "def add(a, b):\n    return a + b\n\n\ndef subtract(a, b):\n"
PATTERN = "x\n\ty\n  z\n" * 4 + "x\n"
ECHO = "Repeat this code exactly as it is:\n\n```\nif x:\n\treturn 1\n```\n"


def conclusion(findings: Sequence[Finding]) -> str:
    """What was found, in a sentence: what has to be mended, else what this server can do."""
    if wrong := [finding.check for finding in findings if finding.ok is False]:
        return f"Not ready for a run: see {names(wrong, most=len(wrong))} above."
    able = [finding.check for finding in findings if finding.ok and finding.check not in _SELF_EVIDENT]
    return f"Ready for a run: {names(able, most=len(able))}."


_SELF_EVIDENT = ("server", "health", "model name")


def speaks(findings: Sequence[Finding]) -> bool:
    """Whether there is an API to ask by."""
    return any(finding.ok for finding in findings if finding.check.endswith(" API"))


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
    patience: Patience | None = None,
) -> list[Finding]:
    """Ask a server about twenty short questions; never raises for what the server does.

    ``prompts`` are those of the run to come: the longest is tried against the context size. A server that
    loads its model is waited for, as long as ``patience`` lasts.
    """
    sent, secrets = access([endpoint], headers, api_key)
    limits = Timeouts(request_s=REQUEST_TIMEOUT_S)
    async with Transport(limits, sent, secrets) as transport:
        patient = patience or Patience(limits.patience_s)
        doctor = _Examination(transport, endpoint, settings, model, patient)
        if not await doctor.server():
            return doctor.findings
        able = await doctor.apis()
        await doctor.health()
        if able:
            await doctor.thinking()
            await doctor.streaming()
            await doctor.choices()
            await doctor.repeatability()
            await doctor.stops()
            await doctor.whitespace()
            await doctor.context(prompts)
    return doctor.findings


class _Examination(Inquiry):
    _described = Description({}, ())
    _answer: Answer | None = None
    """The first one, by the API that is to be asked."""

    async def server(self) -> bool:
        """Check that something answers, its health, and the model's name; return False if nothing does."""
        try:
            self._described = await describe(self.transport, self.endpoint)
        except EndpointError as error:
            self.add("server", False, error.message)
            return False
        told = ", ".join(f"{name} {value}" for name, value in self._described.told.items())
        self.add("server", True, told or "answers, but tells nothing of itself")
        models = self._described.models
        if not models:
            self.add("model name", None, "/models lists nothing")
        elif self.model in models:
            self.add("model name", True, self.model)
        else:
            detail = f"{self.model!r} is not among {names(models)}"
            self.add("model name", False, detail, f"--model-name {shlex.quote(models[0])}")
        return True

    async def apis(self) -> bool:
        """Try both APIs; go on with the one asked for, else with the other; return False if neither works."""
        wanted = self.settings.api
        tried: dict[Api, Answer | EndpointError] = {}
        for api in get_args(Api):
            self.switch(api)
            tried[api] = await self.ask(CODE, stream=False)
        working = [api for api, answer in tried.items() if isinstance(answer, Answer)]
        for api, answer in tried.items():
            if isinstance(answer, Answer):
                thinks = not text_of(answer) and thoughts_of(answer)
                told = f"thinks {shown(thoughts_of(answer))}" if thinks else shown(text_of(answer))
                self.add(f"{api} API", True, told)
            else:  # one that works is enough
                flag = f"--api {working[0]}" if working and api == wanted else ""
                self.add(f"{api} API", None if working else False, answer.message, flag)
        if not working:
            return False
        self.switch(wanted if wanted in working else working[0])
        if isinstance(continued := tried["completions"], Answer):
            self._chatter(text_of(continued), wanted, can_chat="chat" in working)
        chosen = tried[self.settings.api]
        self._answer = chosen if isinstance(chosen, Answer) else None
        return True

    def _chatter(self, text: str, wanted: Api, *, can_chat: bool) -> None:
        """See whether code to continue is continued, or talked about: then its program is not found."""
        if not is_talk(text):
            if text.strip():
                self.add("continues code", True, "the completions API goes on with code")
            return
        detail = f"completions answers like a chat: {shown(text)}"
        meant = wanted == "completions"
        self.add(
            "continues code", False if meant else None, detail, "--api chat" if meant and can_chat else ""
        )

    async def thinking(self) -> None:
        """Check that a model which thinks first gets to its answer, and that the answer is told apart."""
        first = self._answer
        if first is None or (text_of(first).strip() and not thoughts_of(first)):
            return
        most = self.settings.max_tokens
        whole = await self.ask(CODE, max_tokens=most, stream=False)
        if not isinstance(whole, Answer):
            self.add("thinking", False, whole.message)
        elif text_of(whole).strip():
            self.add("thinking", True, f"it thinks first, and its answer comes within {most} tokens")
        elif choice_of(whole).finish_reason == "length":
            detail = f"after {most} tokens it still thinks, and the answer is empty"
            self.add("thinking", False, detail, f"--max-tokens {8 * most}")
        elif thoughts_of(whole):
            detail = "all that is said is in the reasoning: is the server's reasoning parser the model's?"
            self.add("thinking", False, detail)
        else:
            self.add("thinking", None, "the answer is empty")

    async def health(self) -> None:
        """Look at the page for it, once all that loads has been waited for."""
        url = f"{self.endpoint.root}/health"
        try:
            page = await self.transport.look(url, self.endpoint, within_s=PAGE_TIMEOUT_S)
        except EndpointError as error:
            row = Finding("health", False, error.message)
        else:
            missing = page.status in {401, 403, 404, 405}
            ok = True if page.status == 200 else None if missing else False
            row = Finding("health", ok, f"/health answers {page.status}")
        self.findings.insert(1, row)

    async def streaming(self) -> None:
        """Check that answers stream, and that token counts come with them."""
        answer = await self.ask(CODE)
        if not self.settings.stream:
            self.add("streaming", None, "is not to be asked for")
        elif not isinstance(answer, Answer):
            self.add("streaming", False, answer.message, "--no-stream")
        elif not answer.streamed:
            detail = "answers in one piece: no time to the first token"
            self.add("streaming", None, detail, "--no-stream")
        else:
            self.add("streaming", True, count(sum(c.chunks for c in answer.choices.values()), "chunk"))
        counted = isinstance(answer, Answer) and answer.completion_tokens is not None
        detail = "the server counts tokens" if counted else "no token counts: no time per output token"
        self.add("token counts", counted or None, detail)

    async def choices(self) -> None:
        """Check whether one request may ask for several samples."""
        answer = await self.ask(CODE, n=2, temperature=0.8)
        got = len(answer.choices) if isinstance(answer, Answer) else 0
        words = "" if isinstance(answer, Answer) else f" ({answer.message})"
        if got == 2:
            self.add("several choices (n)", True, "2 asked for, 2 came")
        else:
            self.add("several choices (n)", None, f"samples are asked for one by one{words}")

    async def repeatability(self) -> None:
        """Check that greedy answers and seeded samples come out the same twice."""
        first, second = [await self.said(CODE, temperature=0.0) for _ in range(2)]
        same = first == second if first and second and self.takes_temperature else None
        untold = (
            "nothing was said" if self.takes_temperature else "it cannot be asked for the likeliest answer"
        )
        details = {True: "the same answer", False: "two answers to the same question", None: untold}
        self.add("greedy twice", same, details[same])
        one, again, other = [
            await self.said(CODE, temperature=1.0, top_p=1.0, seed=seed) for seed in (1, 1, 2)
        ]
        if one is None or again is None:
            self.add("seed", None, "the server does not take a seed")
        elif not one and not again:
            self.add("seed", None, "nothing was said")
        elif one == again:
            differs = "and another seed another" if other != one else "but another seed gives it too"
            self.add("seed", True, f"the same seed gives the same answer, {differs}")
        else:
            self.add("seed", False, "the same seed gives another answer: runs cannot be repeated")

    async def stops(self) -> None:
        """Check that a stop sequence cuts an answer off; only the completions API is sent any."""
        if self.settings.api == "chat":
            return
        whole = await self.text(CODE, temperature=0.0)
        if not whole or len(whole) < 4:
            self.add("stop", None, "the answer is too short to cut")
            return
        stop = whole[len(whole) // 2 :][:3]
        cut = await self.text(CODE, temperature=0.0, stop=(stop,))
        if cut is None:
            self.add("stop", False, "the server refuses stop sequences")
        elif stop not in cut and len(cut) < len(whole):
            self.add("stop", True, f"{stop!r} ends the answer")
        else:
            self.add("stop", False, "stop sequences are ignored: answers run on", "--api chat")

    async def whitespace(self) -> None:
        """Check that leading spaces, tabs and newlines arrive as the model wrote them."""
        if self.settings.api == "chat":
            answer = await self.text(ECHO, temperature=0.0) or ""
            kept = True if "if x:\n\treturn 1" in answer else None
        else:
            answer = await self.text(PATTERN, temperature=0.0) or ""
            kept = True if answer.startswith("\ty\n") else False if answer.startswith("y") else None
        details = {
            True: "tabs and newlines survive",
            False: "leading whitespace is cut off: indentation will be wrong",
            None: f"cannot tell from {shown(answer)}",
        }
        self.add("whitespace", kept, details[kept], "--api chat" if kept is False else "")

    async def context(self, prompts: Sequence[Prompt]) -> None:
        """Check that the longest prompt and the longest answer fit together."""
        if not prompts:
            return
        longest = max(prompts, key=lambda prompt: len(prompt.text))
        answer = await self.ask(longest.text, max_tokens=1, stream=False)
        if not isinstance(answer, Answer):
            self.add("context", False, f"{longest.problem}: {answer.message}")
            return
        wanted = self.settings.max_tokens
        size = self._described.context
        if answer.prompt_tokens is None:
            self.add("context", None, "the server does not count the prompt's tokens")
            return
        sum_ = f"{longest.problem} takes {answer.prompt_tokens} tokens, and {wanted} may follow"
        if size is None:
            self.add("context", None, f"{sum_}; the server does not tell its context size")
        else:
            fits = answer.prompt_tokens + wanted <= size
            flag = "" if fits else f"--max-tokens {max(1, size - answer.prompt_tokens)}"
            self.add("context", fits, f"{sum_}; the context holds {size}", flag)


_TALK = re.compile(
    r"```|^[\s*_>\"']*(?:here(?:'s| is| are)|sure|certainly|of course|okay|below is|you can|"
    r"to (?:complete|implement|solve|write)|the (?:following|function|code|completed)|"
    r"this (?:function|code)|let(?:'s| me)|i(?:'ll| will| can| would))\b",
    re.IGNORECASE,
)


def is_talk(text: str) -> bool:
    """Whether what should go on with code begins to talk about it instead, or to fence it."""
    return _TALK.search(text.strip()[:200]) is not None
