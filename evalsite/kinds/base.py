"""One kind of problem: how it is asked, how its answer is read back, and how what was found is judged."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from evalsite.kinds.judging import Judging
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import Problem


@dataclass(frozen=True)
class Found:
    """Source and the rule that found it."""

    source: str
    rule: str


class Kind(Protocol):
    """The two halves of one agreement with the model, and the agreement with the grader."""

    name: ClassVar[str]
    """As in ``problems.jsonl``."""
    title: ClassVar[str]
    """What people call all kinds that are judged alike, such as ``function``."""
    has_references: ClassVar[bool]
    """Whether every problem is to have a reference solution, so that one without is told."""
    prompt_is_code: ClassVar[bool]
    """Whether a problem's prompt is shown as code, not as prose."""

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """The text for a model that goes on where a text ends, and what ends its answer."""

    def to_answer(self, problem: Problem, language: Language) -> str:
        """The task for a model that is talked to; how the code is to be wrapped is said behind it."""

    def context(self, problem: Problem) -> str:
        """Code that was shown, and that an answer may rely on; empty where none was."""

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """The program that an answer to :meth:`to_continue` amounts to."""

    def judging(self, problem: Problem) -> Judging:
        """What a program is judged by, and how it is run for that."""

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """Programs that the problem's tests have to fail: ``stub``, which raises, and ``idle``, which gives
        what is equal to nothing, and which tests that assert nothing pass. An empty one is not tried.
        """
