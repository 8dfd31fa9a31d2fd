"""One kind of problem: how it is asked, and how its answer is read back."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.rundir.schema import Problem


@dataclass(frozen=True)
class Found:
    """Source and the rule that found it."""

    source: str
    rule: str


class Kind(Protocol):
    """The two halves of one agreement with the model."""

    name: ClassVar[str]
    """As in ``problems.jsonl``."""
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
