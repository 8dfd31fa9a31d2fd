"""Problem -> Prompt. Pure; a style has its version in its name: other words are another benchmark.

=================  =====================================================================================
``completion-v1``  code to continue: HumanEval's prompt as it is; for MBPP a docstring that holds the
                   description and the shown tests, as in Fried et al. 2022 (arXiv 2204.05999)
``chat-v1``        an instruction that asks for the whole function in one fenced block
=================  =====================================================================================

Only completions get stop sequences. On chat they would cut answers and reasoning short.
"""

from collections.abc import Callable, Mapping

from evalsite.errors import UsageError
from evalsite.rundir.schema import Api, Problem, Prompt

CODE_STOPS = ("\nclass ", "\ndef ", "\n#", "\nif ", "\nprint(", "\n```")
"""Ends a function body that is being continued: those of Chen et al. 2021 (arXiv 2107.03374), and a fence."""

TEXT_STOPS = ("\nassert ", '\n"""', "\nif __name__", "\nprint(", "\n```")
"""Ends a program written from scratch. ``def`` and ``class`` begin one, so they cannot end it."""


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
    if problem.kind == "code":
        return Prompt(problem=problem.task_id, text=problem.prompt, form="completion", stop=CODE_STOPS)
    description = "\n".join((problem.prompt.strip(), *problem.shown_tests))
    return Prompt(
        problem=problem.task_id, text=f'"""\n{description}\n"""\n', form="completion", stop=TEXT_STOPS
    )


def _chat_v1(problem: Problem) -> Prompt:
    if problem.kind == "code":
        task = (
            "Complete the following Python function.\n\n"
            f"```python\n{problem.prompt.strip()}\n```\n\n"
            "Answer with the whole function"
        )
    else:
        name = f" It must be called `{problem.entry_point}`." if problem.entry_point else ""
        tests = "\n".join(problem.shown_tests)
        passing = f"\n\nIt has to pass these tests:\n\n```python\n{tests}\n```" if tests else ""
        task = f"{problem.prompt.strip()}{name}{passing}\n\nAnswer with the whole Python program"
    text = (
        f"{task}, together with all imports and helpers that it needs, in one single fenced code block that "
        "begins with ```python and ends with ```. Leave out tests and example calls."
    )
    return Prompt(problem=problem.task_id, text=text, form="response")


STYLES: Mapping[str, Callable[[Problem], Prompt]] = {
    "completion-v1": _completion_v1,
    "chat-v1": _chat_v1,
}
"""Name and version of each style -> the function that writes it."""
