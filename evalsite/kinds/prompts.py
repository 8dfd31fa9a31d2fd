"""Problem -> Prompt. Pure; a style has its version in its name: other words are another benchmark.

===============================  ========================================================================
``completion-v1``                code to continue: HumanEval's prompt as it is; for MBPP a docstring that
                                 holds the description and the shown tests
``chat-v1``                      an instruction that asks for the whole function in one fenced block
``tools-v1``                     a conversation with tools to call, as the chat API takes them
``calls-prompt-v1``              the same for servers without tools: they are described, and how to call them
``agent-v1``                     an exercise for an agent, with the tools that it works by
``edit-whole-v1`` and others     files to be changed, and a format of edits: :mod:`evalsite.edits.formats`
``evalplus-chat-v1`` and others  the words of published benchmarks: see :mod:`evalsite.kinds.published`
``fim-qwen-v1`` and others       a gap between the tokens of a family of models: :mod:`evalsite.kinds.fim`
``own-...``                      a template of one's own: see :mod:`evalsite.kinds.own`
===============================  ========================================================================

Only completions get stop sequences. On chat they would cut answers and reasoning short.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from evalsite.calls.task import task_of
from evalsite.calls.tools import as_sent
from evalsite.edits.asking import ask_for_edit
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.agent import agent_v1
from evalsite.kinds.conversation import said_before
from evalsite.kinds.editing import STYLES as EDIT_STYLES
from evalsite.kinds.fim import STYLES as FIM_STYLES
from evalsite.kinds.fim import style_of_family
from evalsite.kinds.judging import Wants
from evalsite.kinds.offers import beside
from evalsite.kinds.own import own_prompt
from evalsite.kinds.published import PUBLISHED
from evalsite.languages import language_of
from evalsite.rundir.schema import Api, Example, Problem, Prompt, Settings


def build_prompt(problem: Problem, style: str) -> Prompt:
    """Put a problem into the words of one of :data:`STYLES`; raises UsageError for an unknown style."""
    try:
        build = STYLES[style]
    except KeyError:
        known = ", ".join(STYLES)
        raise UsageError(f"there is no prompt style called {style!r}", hint=f"Known are {known}.") from None
    if _suits(style) not in (wants := _wanted(problem)):
        raise UsageError(
            f"{problem.task_id} asks for {wants[0]}, and the prompt style {style} does not",
            hint="Leave --prompt, --calls and --edit-format out.",
        )
    return build(problem)


def _wanted(problem: Problem) -> tuple[Wants, ...]:
    """What may be asked of a problem; first what it is made for."""
    kind = kind_of(problem)
    editable = kind.wants is Wants.PROGRAM and kind.to_edit(problem)
    return (kind.wants, Wants.EDITS) if editable else (kind.wants,)


def _suits(style: str) -> Wants:
    if style in EDIT_STYLES:
        return Wants.EDITS
    return _FOR_OTHERS.get(style, Wants.PROGRAM)


def prompt_for(problem: Problem, settings: Settings) -> Prompt:
    """Put a problem into the words that a run's settings ask for: a style's, or those of one's own.

    On the completions API the beginning of the answer is the end of the prompt. Raises UsageError for an
    unknown style and for a template that asks for what is not there.
    """
    wants = Wants.EDITS if settings.prompt in EDIT_STYLES else _wanted(problem)[0]
    if wants is not Wants.PROGRAM and (settings.few_shot or settings.template or settings.prefill):
        raise UsageError(
            f"{problem.task_id} wants {wants}: it is asked in the data set's own words",
            hint="Leave --prompt-file, --few-shot and --prefill out.",
        )
    shown = _examples(problem, settings.few_shot)
    if settings.template:
        prompt = own_prompt(problem, settings.template, settings.api, shown)
    else:
        prompt = build_prompt(problem, settings.prompt)
        prompt = replace(prompt, text=shown + prompt.text)
    if settings.prefill:
        prompt = replace(prompt, prefill=settings.prefill)
    if settings.context:
        if settings.api != "chat":
            raise UsageError(
                "a conversation can stand before a question, and tools beside it, by the chat API alone",
                hint="Give --api chat, or leave --context-tokens and --distractors out.",
            )
        prompt = replace(
            prompt,
            before=said_before(problem, settings.context),
            tools=beside(prompt.tools, problem, settings.context),
        )
    if settings.api == "completions" and prompt.prefill:
        between = "" if prompt.text.endswith("\n") else "\n"
        prompt = replace(prompt, text=prompt.text + between + prompt.prefill)
    return prompt


def _examples(problem: Problem, examples: Sequence[Example]) -> str:
    """The text of the examples for a problem, which never is its own: all of one's own, else all but one."""
    others = [example.text for example in examples if example.problem != problem.task_id]
    own = all(not example.problem for example in examples)
    return "".join(others if own else others[: len(examples) - 1])


def style_for(api: Api, problem: Problem | None = None, family: str = "") -> str:
    """Return the current style for an API: for a gap that of the model's family, if its tokens are known."""
    if problem is not None and (usual := kind_of(problem).style):
        return usual
    if api == "chat":
        return "chat-v1"
    own = style_of_family(family, problem) if problem is not None else ""
    return own or "completion-v1"


def _completion_v1(problem: Problem) -> Prompt:
    text, stop = kind_of(problem).to_continue(problem, language_of(problem).asking)
    return Prompt(problem=problem.task_id, text=text, suffix=problem.suffix, form="completion", stop=stop)


def _chat_v1(problem: Problem) -> Prompt:
    language = language_of(problem)
    kind = kind_of(problem)
    text = kind.to_answer(problem, language) + kind.closing(language)
    return Prompt(problem=problem.task_id, text=text, form="response")


def _tools_v1(problem: Problem) -> Prompt:
    task = task_of(problem)
    tools = as_sent(task.tools)
    asked = {"tools": tools, "messages": task.messages}  # in this order: see kinds.calls.asks_by_tools
    text = msgspec.json.encode(asked).decode()
    return Prompt(
        problem=problem.task_id, text=text, form="response", messages=task.messages, tools=tuple(tools)
    )


def _calls_prompt_v1(problem: Problem) -> Prompt:
    task = task_of(problem)
    described = "\n".join(msgspec.json.encode(each["function"]).decode() for each in as_sent(task.tools))
    messages = list(task.messages)
    words = CALLS_PROMPT.format(tools=described)
    if messages and messages[0].get("role") == "system" and isinstance(messages[0].get("content"), str):
        words = f"{messages[0]['content']}\n\n{words}"
        del messages[0]
    messages.insert(0, {"role": "system", "content": words})
    text = msgspec.json.encode({"messages": messages}).decode()
    return Prompt(problem=problem.task_id, text=text, form="response", messages=tuple(messages))


def _edit_v1(name: str) -> Callable[[Problem], Prompt]:
    def build(problem: Problem) -> Prompt:
        shown = kind_of(problem).to_edit(problem)
        assert shown is not None
        return Prompt(problem=problem.task_id, text=ask_for_edit(shown, name), form="response")

    return build


CALLS_PROMPT = """You can call tools. A line describes each: name, purpose, and JSON Schema of its arguments.

{tools}

To call tools, answer with nothing but a line like this for each call:
<tool_call>{{"name": "the tool's name", "arguments": {{"an argument's name": "its value"}}}}</tool_call>
If no tool fits, or if something is not told that a tool requires, answer in words, without a call."""


_FOR_OTHERS = {"tools-v1": Wants.CALLS, "calls-prompt-v1": Wants.CALLS, "agent-v1": Wants.AGENT}
"""Styles that ask for something else than a program, but for those of edits."""

STYLES: Mapping[str, Callable[[Problem], Prompt]] = {
    "completion-v1": _completion_v1,
    "chat-v1": _chat_v1,
    "tools-v1": _tools_v1,
    "calls-prompt-v1": _calls_prompt_v1,
    "agent-v1": agent_v1,
    **{style: _edit_v1(name) for style, name in EDIT_STYLES.items()},
    **PUBLISHED,
    **FIM_STYLES,
}
"""Name and version of each style -> the function that writes it."""
