"""How programs are judged: what a kind of problem tells the grader, whatever its answers looked like."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NoReturn

from evalsite.edits.asking import ToEdit
from evalsite.edits.exercise import Files
from evalsite.errors import UsageError
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import AnswerForm, Completion, Problem, Program

CALLED_INSTEAD = "unwanted-call"
"""The rule that finds nothing but calls where code was wanted."""


class RunAs(StrEnum):
    """How a program is run for its tests."""

    MODULE = "module"
    """Once, from its first line to its last; then the tests use what it has defined."""
    EXPRESSION = "expression"
    """It is one expression; the tests use its value by the name ``answer``. A call of the entry point stands
    for its arguments, by place and by name.
    """
    SCRIPT = "script"
    """Anew for each input, which it reads from its standard input; what it prints is its answer."""
    FILES = "files"
    """Program and tests are files, as JSON (:mod:`evalsite.edits.exercise`): a toolchain is told them."""


@dataclass(frozen=True)
class Found:
    """Source and the rule that found it."""

    source: str
    rule: str
    why: str = ""
    """Why nothing is to be run, where the rule alone does not tell it."""


@dataclass(frozen=True)
class Judging:
    """What a program of one problem is judged by."""

    tests: str
    """Source in the problem's language: it fails unless the program is right."""
    run_as: RunAs = RunAs.MODULE
    prelude: str = ""
    """Source whose names a program may use without a word; it knows nothing that the model was not shown."""
    cpu_factor: int = 1
    """Times the limit on CPU time: how many inputs may each use all of it."""
    in_process: bool = False
    """Whether the tests can be run in the program's own process only."""
    asks_reference: bool = False
    """Whether the tests find out what is right by a reference solution; that may be kept."""


FENCED = re.compile(r"^[ \t]*```[^\n]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
"""What stands between two fences, as it is, or behind one that is never closed."""


def last_block(text: str, reading: Reading, wanted: Callable[[str], bool]) -> Found | None:
    """The last fenced block that compiles, one that is wanted before others; all of an answer that is code.

    None where there is none.
    """
    blocks = [block for block in FENCED.findall(text) if reading.compiles(block) and block.strip()]
    if blocks:
        return Found(next(filter(wanted, reversed(blocks)), blocks[-1]), "fenced")
    return Found(text, "whole-answer") if text.strip() and reading.compiles(text) else None


class Wants(StrEnum):
    """What a problem asks a model for; each prompt style asks for one of these."""

    PROGRAM = "a program"
    CALLS = "calls of tools"
    EDITS = "edits of files"
    AGENT = "an agent"


class Answering:
    """What most kinds have in common: a task in prose, whose answer relies on no code and is no edit."""

    has_references: ClassVar[bool] = True
    prompt_is_code: ClassVar[bool] = False
    goes_on: ClassVar[bool] = False
    wants: ClassVar[Wants] = Wants.PROGRAM
    style: ClassVar[str] = ""

    def context(self, problem: Problem) -> str:
        """None."""
        return ""

    def to_edit(self, problem: Problem) -> ToEdit | None:
        """Its answers are no edits."""
        return None

    def proof(self, problem: Problem) -> Problem | None:
        """None: the tests run its reference, or hold it against what they know."""
        return None

    def files_of(self, problem: Problem, program: str) -> Files:
        """None: a program is no file that was edited."""
        return {}

    def edited(self, problem: Problem, program: str) -> Problem:
        """As it is: nothing is edited."""
        return problem

    def source_of(self, problem: Problem, program: str) -> str:
        """The program as it is."""
        return program


class ByChatAlone:
    """Asked by the chat API alone, in words of its own: no text goes on, and no answer is an example."""

    asks_for: ClassVar[str]
    """As ``calls of tools, and not for code``."""

    def _refusal(self, problem: Problem) -> UsageError:
        return UsageError(
            f"{problem.task_id} asks for {self.asks_for}",
            hint="Leave --prompt, --prompt-file and --few-shot out, and ask by the chat API: --api chat.",
        )

    def to_continue(self, problem: Problem, asking: Asking) -> NoReturn:
        """Cannot be."""
        raise self._refusal(problem)

    def to_answer(self, problem: Problem, language: Language) -> NoReturn:
        """Cannot be: no single program is wanted."""
        raise self._refusal(problem)

    def closing(self, language: Language) -> str:
        """Nothing: the tools, or the format of the edit, say it."""
        return ""

    def solved(self, problem: Problem, asked: str) -> NoReturn:
        """Cannot be shown as an example."""
        raise self._refusal(problem)

    def continued(self, problem: Problem, text: str, reading: Reading) -> NoReturn:
        """Cannot be."""
        raise self._refusal(problem)


class ByRunning(Answering):
    """An answer is a program, which is run."""

    runs: ClassVar[bool] = True

    def solved(self, problem: Problem, asked: str) -> str:
        """The reference behind the text."""
        return f"{asked}{problem.reference.strip()}"

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """The answer as it is."""
        return Found(text, "program")

    def read_whole(self, problem: Problem, completion: Completion) -> NoReturn:
        """Not asked: the answer is a program."""
        raise AssertionError("an answer that is a program is found by extraction")

    def judge(self, problem: Problem, program: Program) -> NoReturn:
        """Not asked: the program is run."""
        raise AssertionError("a program is judged by running it")


class ByFunction(ByRunning):
    """A program defines a function (or a class), and the problem's tests are source that uses it."""

    title: ClassVar[str] = "function"

    def closing(self, language: Language) -> str:
        """The whole program in one fence."""
        return (
            ", together with all imports and helpers that it needs, in one single fenced code block that "
            f"begins with ```{language.name} and ends with ```. Leave out tests and example calls."
        )

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """It is found as a program is."""
        return None

    def judging(self, problem: Problem) -> Judging:
        """The problem's tests as they are."""
        return Judging(problem.tests)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """One that raises, and one that returns what is equal to nothing."""
        names = running.asked_names(problem.entry_point, problem.reference, problem.tests)
        begun = problem.prompt if self.prompt_is_code else ""
        return {"stub": running.stub_of(begun, *names), "idle": running.idle_stub(*names)}
