"""What a problem asks, as pages show it: prompt, tests, reference solution."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from evalsite.kinds import kind_of
from evalsite.kinds.showing import shown_asked, shown_prompt, shown_reference, shown_tests, shown_words
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem
from evalsite.site.code.highlighting import Line, highlight, numbered


@dataclass(frozen=True, eq=False)
class Task:
    """A problem, highlighted where it is code. What shows it is told apart by it, and made once."""

    entry_point: str
    prompt: tuple[Markup, ...]
    prompt_is_code: bool
    prompt_text: str
    asked: str
    """The exact words that the model was sent, where they differ from the prompt."""
    tests: tuple[Line, ...]
    reference: tuple[Markup, ...]


@lru_cache(maxsize=1024)
def task_of(problem: Problem) -> Task:
    """Show what a problem asks; the same for each run that was asked it."""
    language, is_code = language_of(problem), kind_of(problem).prompt_is_code
    return Task(
        entry_point=problem.entry_point,
        prompt=highlight(shown_prompt(problem), language) if is_code else (),
        prompt_is_code=is_code,
        prompt_text=shown_words(problem),
        asked=shown_asked(problem) if problem.asked.strip() != problem.prompt.strip() else "",
        tests=numbered(shown_tests(problem), language),
        reference=highlight(shown_reference(problem), language),
    )
