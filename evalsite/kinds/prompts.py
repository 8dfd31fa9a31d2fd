"""Problem -> Prompt. Pure; a style has its version in its name: other words are another benchmark.

===============================  ========================================================================
``completion-v1``                code to continue: HumanEval's prompt as it is; for MBPP a docstring that
                                 holds the description and the shown tests
``chat-v1``                      an instruction that asks for the whole function in one fenced block
``evalplus-chat-v1`` and others  the words of published benchmarks: see :mod:`evalsite.kinds.published`
``fim-qwen-v1`` and others       a gap between the tokens of a family of models: :mod:`evalsite.kinds.fim`
``own-...``                      a template of one's own: see :mod:`evalsite.kinds.own`
===============================  ========================================================================

Only completions get stop sequences. On chat they would cut answers and reasoning short.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.fim import STYLES as FIM_STYLES
from evalsite.kinds.fim import style_of_family
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
    return build(problem)


def prompt_for(problem: Problem, settings: Settings) -> Prompt:
    """Put a problem into the words that a run's settings ask for: a style's, or those of one's own.

    On the completions API the beginning of the answer is the end of the prompt. Raises UsageError for an
    unknown style and for a template that asks for what is not there.
    """
    shown = _examples(problem, settings.few_shot)
    if settings.template:
        prompt = own_prompt(problem, settings.template, settings.api, shown)
    else:
        prompt = build_prompt(problem, settings.prompt)
        prompt = replace(prompt, text=shown + prompt.text)
    if settings.prefill:
        prompt = replace(prompt, prefill=settings.prefill)
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


STYLES: Mapping[str, Callable[[Problem], Prompt]] = {
    "completion-v1": _completion_v1,
    "chat-v1": _chat_v1,
    **PUBLISHED,
    **FIM_STYLES,
}
"""Name and version of each style -> the function that writes it."""
