"""One kind of problem: how it is asked, how its answer is read back, and how what was found is judged."""

from typing import ClassVar, Protocol

from evalsite.edits.asking import ToEdit
from evalsite.edits.exercise import Files
from evalsite.kinds.judging import FENCED as FENCED
from evalsite.kinds.judging import Found as Found
from evalsite.kinds.judging import Judging, Wants
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import AnswerForm, Completion, Problem, Program, Verdict


class Kind(Protocol):
    """The two halves of one agreement with the model, and the agreement with the grader."""

    name: ClassVar[str]
    """As in ``problems.jsonl``."""
    title: ClassVar[str]
    """What people call all kinds that are judged alike, such as ``function``."""
    has_references: ClassVar[bool]
    """Whether every problem is to have a reference solution, so that one without is told."""
    wants: ClassVar[Wants]
    style: ClassVar[str]
    """The prompt style of a kind that is asked by the chat API alone, in words of its own; else empty."""
    runs: ClassVar[bool]
    """Whether an answer is a program that is run; else :meth:`read_whole` and :meth:`judge` judge it."""
    prompt_is_code: ClassVar[bool]
    """Whether a problem's prompt is shown as code, not as prose."""
    goes_on: ClassVar[bool]
    """Whether what goes on right behind a problem's prompt is an answer to it."""

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """The text for a model that goes on where a text ends, and what ends its answer."""

    def to_answer(self, problem: Problem, language: Language) -> str:
        """The task for a model that is talked to; :meth:`closing` is said right behind it."""

    def closing(self, language: Language) -> str:
        """How the answer is to be wrapped, and what it is to hold."""

    def solved(self, problem: Problem, asked: str) -> str:
        """What was asked (:meth:`to_continue`), and the reference solution as its answer: an example."""

    def context(self, problem: Problem) -> str:
        """Code that was shown, and that an answer may rely on; empty where none was."""

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """The program that an answer of a form amounts to; None where it is to be found as a program is.

        ``text`` is a chat answer without its thoughts.
        """

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """The program that an answer to :meth:`to_continue` amounts to."""

    def judging(self, problem: Problem) -> Judging:
        """What a program is judged by, and how it is run for that."""

    def to_edit(self, problem: Problem) -> ToEdit | None:
        """The files that an answer may edit; None where answers are no edits."""

    def files_of(self, problem: Problem, program: str) -> Files:
        """The files that were to be changed as a program has them; none where it was no edit."""

    def edited(self, problem: Problem, program: str) -> Problem:
        """The problem whose files are as a program has them, which is what a first edit made of them; as it
        was where that made nothing.
        """

    def source_of(self, problem: Problem, program: str) -> str:
        """The source that is run for a program, as it stands in a verdict."""

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """Programs that the problem's tests have to fail: ``stub``, which raises, and ``idle``, which gives
        what is equal to nothing, and which tests that assert nothing pass. An empty one is not tried.
        """

    def proof(self, problem: Problem) -> Problem | None:
        """Another problem whose reference passes where this one's is right; None where it shows that itself,
        as a program does that the tests run.
        """

    def read_whole(self, problem: Problem, completion: Completion) -> Found:
        """What an answer amounts to where it is no program: text that :meth:`judge` reads, and a rule."""

    def judge(self, problem: Problem, program: Program) -> Verdict:
        """The verdict on what :meth:`read_whole` found; nothing is run."""
