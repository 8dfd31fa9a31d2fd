"""A task in prose, with tests that the model gets to see."""

from typing import ClassVar

from evalsite.kinds.judging import ByFunction
from evalsite.languages.base import Asking, Language
from evalsite.rundir.schema import Problem


class ProseTask(ByFunction):
    """As in MBPP."""

    name: ClassVar[str] = "text"

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """A text in code with the description and the shown tests (Fried et al. 2022, arXiv 2204.05999)."""
        description = "\n".join((problem.prompt.strip(), *problem.shown_tests))
        return asking.text.format(description), asking.program_stops

    def to_answer(self, problem: Problem, language: Language) -> str:
        """An instruction that asks for the whole program."""
        name = f" It must be called `{problem.entry_point}`." if problem.entry_point else ""
        tests = "\n".join(problem.shown_tests)
        passing = f"\n\nIt has to pass these tests:\n\n```{language.name}\n{tests}\n```" if tests else ""
        return f"{problem.prompt.strip()}{name}{passing}\n\nAnswer with the whole {language.title} program"
