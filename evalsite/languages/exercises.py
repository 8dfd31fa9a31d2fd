"""How exercises of several files are run: what a language makes of their files for the sandbox."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

Files = Mapping[str, str]
"""Path within the exercise's folder -> text."""


class Exercises:
    """As files, which the language's toolchain is told as they are (:class:`.toolchain.ToolchainOfFiles`)."""


class ExercisesAsSource(Exercises, ABC):
    """As one source for the program and one for its tests."""

    @abstractmethod
    def program(self, files: Files, tests: Files, other: Files) -> str:
        """Source of a program: ``files`` are those that were to be changed, ``other`` those that were not."""

    @abstractmethod
    def tests(self, files: Files, tests: Files, other: Files) -> str:
        """Source of the tests for it."""

    def shares_process(self, files: Files, tests: Files, other: Files) -> bool:
        """Whether tests can be run in the program's own process only."""
        return False
