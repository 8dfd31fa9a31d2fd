"""Prompts of one's own: a Jinja template with the problem's fields in scope, in Jinja's sandbox."""

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Api, Problem, Prompt

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

FIELDS = (
    "task_id",
    "prompt",
    "suffix",
    "faulty",
    "instruction",
    "entry_point",
    "shown_tests",
    "tests",
    "language",
    "few_shot",
)
"""What a template may use; the reference solution is not among it."""


@lru_cache(maxsize=1)
def _environment() -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined  # a tenth of a command's start, and few have a template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)


def own_style(template: str) -> str:
    """Return the style's name for a template: other words are another benchmark."""
    return f"own-{hashlib.sha256(template.encode()).hexdigest()[:8]}"


def check_template(template: str, place: str) -> None:
    """Raise UsageError, with the line, where a template is no Jinja; ``place`` names it."""
    from jinja2 import TemplateSyntaxError

    try:
        _environment().from_string(template)
    except TemplateSyntaxError as exc:
        raise UsageError(
            f"{place}:{exc.lineno}: not a Jinja template: {exc.message}",
            hint="Fields stand in double braces: {{ prompt }}. docs/recipes.md shows a whole one.",
        ) from exc


@lru_cache(maxsize=4)
def _compiled(template: str) -> Any:
    check_template(template, "the prompt's template")
    return _environment().from_string(template)


def own_prompt(problem: Problem, template: str, api: Api, few_shot: str = "") -> Prompt:
    """Put a problem into a template's words; raises UsageError where it asks for what is not there.

    What ends with the problem's own prompt is code to continue, as it is without a template; to anything
    else the answer is searched for its code.
    """
    from jinja2 import TemplateError

    fields = {name: getattr(problem, name) for name in FIELDS if name != "few_shot"}
    try:
        text = _compiled(template).render(**fields, few_shot=few_shot)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as exc:
        raise UsageError(
            f"{problem.task_id}: the prompt's template fails: {exc}",
            hint=f"It may use {', '.join(FIELDS)}.",
        ) from exc
    if few_shot and "few_shot" not in template:
        text = few_shot + text
    continues = api == "completions" and text.endswith(problem.prompt) and kind_of(problem).goes_on
    return Prompt(
        problem=problem.task_id,
        text=text,
        form="completion" if continues else "response",
        stop=language_of(problem).asking.function_stops if continues else (),
    )
