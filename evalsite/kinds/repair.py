"""Code with a fault: it is shown with the tests that it fails, and answered without the fault."""

from dataclasses import replace
from typing import ClassVar

from msgspec import structs

from evalsite.edits.asking import ToEdit
from evalsite.kinds.completion import CodeCompletion
from evalsite.kinds.editing import found_edit
from evalsite.kinds.judging import Found
from evalsite.languages import language_of
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.rundir.schema import AnswerForm, Problem


class Repair(CodeCompletion):
    """As in HumanEvalFix with tests (Muennighoff et al. 2023, arXiv 2308.07124), in words of our own.

    The prompt is what stands before the body at fault, and what the answer begins with.
    """

    name: ClassVar[str] = "repair"
    title: ClassVar[str] = "repair"

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """The faulty code, the tests, what is to be done, and the head of the function once more."""
        task = asking.text.format(f"Fix bugs in {problem.entry_point}.")
        shown = "\n\n".join((_faulty(problem), *map(str.strip, problem.shown_tests)))
        return f"{shown}\n\n{task}{problem.prompt}", asking.function_stops

    def to_answer(self, problem: Problem, language: Language) -> str:
        """An instruction that shows the faulty code and the tests, and asks for the whole function."""
        tests = "\n\n".join(map(str.strip, problem.shown_tests))
        return (
            f"There is a bug in `{problem.entry_point}` in the following {language.title} code:\n\n"
            f"```{language.name}\n{_faulty(problem)}\n```\n\n"
            f"It has to pass these tests:\n\n```{language.name}\n{tests}\n```\n\n"
            "Fix the bug, and answer with the whole function"
        )

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """The file as an edit leaves it, where one was asked for; else it is found as a program is."""
        if not problem.edit_format or form != "response":
            return None
        found, files = found_edit(text, problem.edit_format, self.to_edit(problem))
        return replace(found, source=next(iter(files.values()))) if files else found

    def to_edit(self, problem: Problem) -> ToEdit:
        """The code is one file; the tests are shown."""
        language = language_of(problem)
        tests = "\n\n".join(map(str.strip, problem.shown_tests))
        path = f"solution.{language.suffix}"
        return ToEdit(
            task=f"There is a bug in `{problem.entry_point}` in the file {path}. Fix it. It has to pass "
            f"these tests:\n\n```{language.name}\n{tests}\n```",
            files={path: f"{_faulty(problem)}\n"},
            language=language.name,
        )

    def files_of(self, problem: Problem, program: str) -> dict[str, str]:
        """The one file, where an edit of it was asked for."""
        if not problem.edit_format or not program:
            return {}
        return {next(iter(self.to_edit(problem).files)): program}

    def edited(self, problem: Problem, program: str) -> Problem:
        """With this code in place of the faulty one."""
        return structs.replace(problem, prompt="", faulty=program) if program else problem

    def solved(self, problem: Problem, asked: str) -> str:
        """What was shown, with the reference in place of the function's head."""
        return asked.removesuffix(problem.prompt) + problem.reference


def _faulty(problem: Problem) -> str:
    return (problem.prompt + problem.faulty).strip()
