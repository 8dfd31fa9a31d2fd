"""Problem -> Prompt. Pure; a style has its version in its name: other words are another benchmark.

=================  =====================================================================================
``completion-v1``  code to continue: HumanEval's prompt as it is; for MBPP a docstring that holds the
                   description and the shown tests
``chat-v1``        an instruction that asks for the whole function in one fenced block
=================  =====================================================================================

Only completions get stop sequences. On chat they would cut answers and reasoning short.
"""

from collections.abc import Callable, Mapping

from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Api, Problem, Prompt


def build_prompt(problem: Problem, style: str) -> Prompt:
    """Put a problem into the words of one of :data:`STYLES`; raises UsageError for an unknown style."""
    try:
        build = STYLES[style]
    except KeyError:
        known = ", ".join(STYLES)
        raise UsageError(f"there is no prompt style called {style!r}", hint=f"Known are {known}.") from None
    return build(problem)


def style_for(api: Api) -> str:
    """Return the current style for an API."""
    return "chat-v1" if api == "chat" else "completion-v1"


def _completion_v1(problem: Problem) -> Prompt:
    text, stop = kind_of(problem).to_continue(problem, language_of(problem).asking)
    return Prompt(problem=problem.task_id, text=text, form="completion", stop=stop)


def _chat_v1(problem: Problem) -> Prompt:
    language = language_of(problem)
    text = (
        f"{kind_of(problem).to_answer(problem, language)}, together with all imports and helpers that it "
        f"needs, in one single fenced code block that begins with ```{language.name} and ends with ```. "
        "Leave out tests and example calls."
    )
    return Prompt(problem=problem.task_id, text=text, form="response")


STYLES: Mapping[str, Callable[[Problem], Prompt]] = {
    "completion-v1": _completion_v1,
    "chat-v1": _chat_v1,
}
"""Name and version of each style -> the function that writes it."""
