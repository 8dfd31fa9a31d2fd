"""How a model is asked: a prompt, the settings of a run, and what else was sent."""

from typing import Annotated, Any, Literal

import msgspec

from evalsite.rundir.rows import Amount, Count, Row

Api = Literal["completions", "chat"]
AnswerForm = Literal["completion", "solution", "response"]
LOOPED = "loop"
"""Finish reason of an answer that was not read on since it repeated itself: ours, and no server's."""
CUT_OFF = frozenset({"length", LOOPED})
"""Finish reasons of answers that did not come to an end of their own."""


class Prompt(Row, frozen=True, kw_only=True):
    """A problem put into words for one API. ``form`` says how the answer relates to the problem's code."""

    problem: str
    text: str
    form: AnswerForm
    suffix: str = ""
    """What is to follow the answer, for a server that takes it beside the text (completions only)."""
    stop: tuple[str, ...] = ()
    """Stop sequences; always empty for chat, where they would cut answers and reasoning."""
    prefill: str = ""
    """The beginning of the answer, which the model goes on with."""
    messages: tuple[dict[str, Any], ...] = ()
    """A conversation to be sent as it is, in place of the text as the user's one message; for chat only."""
    tools: tuple[dict[str, Any], ...] = ()
    """Tools that the model may call, in OpenAI's form; for chat only."""
    before: tuple[dict[str, Any], ...] = ()
    """An earlier conversation, behind what the system says and before all else; for chat only."""


class Example(Row, frozen=True, kw_only=True):
    """What is shown before a prompt: a solved problem of the data set, or a text of one's own."""

    text: str
    problem: str = ""


class Turn(Row, frozen=True, kw_only=True):
    """A question and its answer in a conversation that stands before a prompt."""

    question: str
    answer: str
    problem: str
    """The source problem whose texts it is made of."""


class Offer(Row, frozen=True, kw_only=True):
    """A tool that is offered beside a prompt though it has nothing to do with it, in OpenAI's form."""

    tool: dict[str, Any]
    rivals: tuple[str, ...] = ()
    """Source problems that it is not offered to."""


class Context(Row, frozen=True, kw_only=True):
    """What stands before every prompt, the same but for what tells of the problem itself."""

    tokens: Count
    """How long the conversation was meant to be."""
    turns: tuple[Turn, ...]
    """More than are sent, since none is sent before the problem that it is made of."""
    tools: tuple[Offer, ...] = ()
    """Those that have nothing to do with what is asked (:mod:`evalsite.kinds.offers`)."""


class Settings(Row, frozen=True, kw_only=True):
    """How a model was asked. All of it counts towards the run's identity."""

    api: Api
    prompt: str
    """Name and version of the prompt style, such as ``chat-v1``."""
    temperature: Amount
    top_p: Amount
    max_tokens: Count
    seed: int | None = None
    stop: tuple[str, ...] = ()
    stream: bool = True
    system: str = ""
    """A system message, for chat only."""
    top_k: Count | None = None
    min_p: Amount | None = None
    reasoning_effort: str = ""
    extra: dict[str, Any] = {}
    """Further fields of every request, as they are."""
    template: str = ""
    """The words of a prompt of one's own, in Jinja; :attr:`prompt` then is ``own-`` and part of a hash."""
    prefill: str = ""
    """How every answer is begun, in place of what the style begins it with."""
    tool_choice: Literal["auto", "required"] = "auto"
    """Whether a model that is offered tools has to call one."""
    turns: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    """Answers that a sample may take: with 2 the tests' output goes back once, where the first one fails."""
    few_shot: tuple[Example, ...] = ()
    """Examples that stand before every prompt, in this order. Where they are problems of the data set there
    is one more than is shown, since none is shown to itself."""
    max_turns: Count | None = None
    """Answers that an agent may give to one problem; None for whoever is no agent."""
    stop_loops: bool = False
    """Whether streamed answers that repeat themselves are ended before their token limit."""
    context: Context | None = None
    """A conversation before every prompt, and tools beside it, for chat only (:mod:`evalsite.kinds`)."""


class Asked(Row, frozen=True, kw_only=True):
    """What was sent besides settings and prompts, and how samples became requests."""

    stop: tuple[str, ...] = ()
    """Stop sequences of any problem; those of each are in :attr:`Problem.stop`."""
    fields: dict[str, Any] = {}
    """What every request said besides prompt, model and seed; empty in files that did not record it."""
    cut: tuple[str, ...] = ()
    """Further ones that were not sent, since servers take four: answers were cut at them here."""
    sample_seed: str = ""
    """How a sample's seed is made of the run's, as a Python expression; empty where no seed was sent."""
    most_choices: Count = 1
    """Samples of one problem that a request asked for at most; :attr:`Completion.choices` tells what came."""
