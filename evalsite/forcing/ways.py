"""The ways to have a server say what comes next: what is sent, and how what came back is read. Pure.

What servers do, by their own sources and threads: vLLM gives ``prompt_logprobs`` (a list with a mapping of
token id to ``{logprob, rank, decoded_token}`` for each token but the first, the prompt's own token before
the likeliest ones) and honours ``echo`` with ``logprobs``; llama.cpp's server ignores ``echo`` in silence,
or refuses it, and answers the completions API in the chat API's shape (``content`` with ``top_logprobs``);
llama.cpp's Python server honours ``echo`` where it was started with ``--logits_all true``. So nothing is
believed but what came back.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from evalsite.client.protocol import mend
from evalsite.distance.schema import SLACK, Api, Named, Text, Way
from evalsite.rundir.schema import Prompt, Settings

LEAST = -20.7
"""What is less likely than this (one in a thousand million) is not kept: it would fill the files, and moves
hardly anything, even where the other side's likeliest token is among it."""

DIGITS = 6
_NUMBER = re.compile(r"token_id:\d+")


class UnhonouredError(Exception):
    """An answer holds no log-probabilities of what was asked, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One token of a text, and what was named in its place."""

    token: str
    logprob: float | None
    named: tuple[tuple[str, float], ...]
    """Token and log-probability, the likeliest first; the text's own token is among them or not."""


def settings_for(way: Way, api: Api, most: int) -> Settings:
    """Return how a request is made that has ``most`` tokens named.

    At a temperature of 1, since some servers tell probabilities as they sample by them.
    """
    fields: dict[str, Any] = {"logprobs": most}
    if api == "chat":
        fields = {"logprobs": True, "top_logprobs": most}
    if way == "prompt_logprobs":
        fields = {"prompt_logprobs": most}
    elif way == "echo":
        fields["echo"] = True
    return Settings(api=api, prompt="", temperature=1.0, top_p=1.0, max_tokens=1, stream=False, extra=fields)


def up_to(text: Text, at: int) -> Prompt:
    """Return what is sent for a place: the text before it. By the chat API the prompt is the user's message,
    and the rest the beginning of the answer, which the server is to go on with.
    """
    begins = text.begins
    return Prompt(
        problem=text.problem, text=text.text[:begins], prefill=text.text[begins:at], form="completion"
    )


def joined(prompt: Prompt) -> Prompt:
    """Return the same in one piece, for the completions API."""
    return structs.replace(prompt, text=prompt.text + prompt.prefill, prefill="")


def read_next(logprobs: Any) -> Step:
    """Read what follows a prefix: the first token that was generated. Raises UnhonouredError."""
    steps = list(_steps(logprobs))
    if not steps or not steps[0].named:
        raise UnhonouredError("no log-probabilities came back")
    return steps[0]


def read_along(logprobs: Any, text: str) -> dict[int, Step]:
    """Read what was named along a whole text: place -> step, but for the first token, before which nothing
    stands.

    Raises UnhonouredError where tokens that came back are not those of the text, as where ``echo`` is
    ignored.
    """
    steps = list(_prompt_steps(logprobs) if isinstance(logprobs, list) else _steps(logprobs))
    placed = dict(_placed(steps, text))
    if not placed or max(placed) + len(placed[max(placed)].token) < len(text):
        raise UnhonouredError("what came back does not tell of the text that was sent")
    return {at: step for at, step in placed.items() if at and step.named}


def as_row(problem: str, at: int, step: Step, prompt_tokens: int | None, most: int) -> Named:
    """Return the row of a place: tokens that are likely enough to matter, ``most`` of them at most, the five
    likeliest in any case.

    Nothing that is left out is likelier than what is kept. So the step's own token is left out where it is
    the last: servers name it beside the likeliest ones, however unlikely it is.
    """
    kept = [each for place, each in enumerate(step.named[:most]) if place < 5 or each[1] >= LEAST]
    if len(kept) > 1 and kept[-1][0] == step.token:
        kept.pop()
    return Named(
        problem=problem,
        at=at,
        tokens=tuple(token for token, _ in kept),
        logprobs=tuple(_rounded(logprob) for _, logprob in kept),
        token=step.token,
        logprob=None if step.logprob is None else _rounded(step.logprob),
        prompt_tokens=prompt_tokens,
    )


def _rounded(logprob: float) -> float:
    return round(max(-1e5, min(logprob, 0.0)), DIGITS) + 0.0


def _placed(steps: Sequence[Step], text: str) -> Iterator[tuple[int, Step]]:
    """Find where each token stands in the text; a server's marks before it, and parts of characters, do
    not.
    """
    joined = "".join(step.token for step in steps)
    at = len(text) - len(joined) if text.endswith(joined) else 0  # of the first token nothing may be told
    skipped = 0
    for step in steps:
        behind = range(at, at + skipped + 1)
        here = next((place for place in behind if step.token and text.startswith(step.token, place)), None)
        if here is None:
            skipped += 1
            continue
        yield here, step
        at, skipped = here + len(step.token), 0


def _prompt_steps(told: list[Any]) -> Iterator[Step]:
    """VLLM's ``prompt_logprobs``: the first token has none, and of each other the text's own comes first."""
    for each in told:
        if not isinstance(each, dict) or not each:
            continue
        named = [_of_vllm(entry) for entry in each.values() if isinstance(entry, dict)]
        if named:
            token, logprob = named[0]
            yield Step(token, logprob, _sorted(named))


def _of_vllm(entry: Mapping[str, Any]) -> tuple[str, float]:
    return _text(entry.get("decoded_token")), _number(entry.get("logprob"))


def _steps(told: Any) -> Iterator[Step]:
    """The two shapes of OpenAI's APIs: lists side by side (completions), and a list of ``content`` (chat)."""
    if not isinstance(told, dict):
        return
    content = told.get("content")
    if isinstance(content, list):
        for each in content:
            if isinstance(each, dict):
                named = [
                    (_spelled(one), _number(one.get("logprob"))) for one in _dicts(each.get("top_logprobs"))
                ]
                yield Step(_spelled(each), _number(each.get("logprob")), _sorted(named))
        return
    tokens, tops, own = (_list(told.get(name)) for name in ("tokens", "top_logprobs", "token_logprobs"))
    for place, token in enumerate(tokens):
        top = tops[place] if place < len(tops) else None
        named = [(_text(name), _number(value)) for name, value in (top or {}).items()] if _is_map(top) else []
        logprob = own[place] if place < len(own) else None
        yield Step(_text(token), None if logprob is None else _number(logprob), _sorted(named))


def _dicts(told: Any) -> list[dict[str, Any]]:
    return [each for each in _list(told) if isinstance(each, dict)]


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _is_map(told: Any) -> bool:
    return isinstance(told, dict)


def _spelled(entry: Mapping[str, Any]) -> str:
    """A token's text by its bytes, where these are told: a token may be a part of a character."""
    numbers = entry.get("bytes")
    try:
        data = bytes(numbers) if isinstance(numbers, list) and numbers else b""
    except (TypeError, ValueError):
        data = b""
    if not data:
        return _text(entry.get("token"))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in data)


def _text(told: Any) -> str:
    """A token as a text. Raises UnhonouredError for its number, of which nobody knows what it stands for."""
    if isinstance(told, str) and not _NUMBER.fullmatch(told):
        return mend(told)
    if told is None:
        return ""
    raise UnhonouredError("it names tokens by their numbers (vLLM: without --return-tokens-as-token-ids)")


def _number(told: Any) -> float:
    """A log-probability; what is none is as unlikely as can be, so that it is left out."""
    return float(told) if isinstance(told, int | float) and math.isfinite(told) else -math.inf


def _sorted(named: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """The likeliest first; tokens with one spelling count together.

    Raises UnhonouredError where they are no probabilities.
    """
    together: dict[str, list[float]] = {}
    for token, logprob in named:
        if logprob > -math.inf:
            together.setdefault(token, []).append(logprob)
    total = sum(math.exp(min(logprob, 1.0)) for each in together.values() for logprob in each)
    if total > 1 + SLACK:
        raise UnhonouredError(f"its probabilities of one place add up to {total:.3g}")
    found = [(token, each[0] if len(each) == 1 else _added(each)) for token, each in together.items()]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _added(logprobs: Sequence[float]) -> float:
    return math.log(sum(map(math.exp, logprobs)))
