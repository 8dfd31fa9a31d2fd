"""How exercises of several files are run: what a language makes of their files for the sandbox."""

from collections.abc import Mapping

Files = Mapping[str, str]
"""Path within the exercise's folder -> text."""


class Exercises:
    """What is said here holds for a language whose toolchain is told files as they are
    (:meth:`.toolchain.Toolchain.steps_of_files`).
    """

    as_files = True
    """Whether programs and tests are run as files; else as what :meth:`program` and :meth:`tests` give."""

    def program(self, files: Files, tests: Files, other: Files) -> str:
        """Source of a program: ``files`` are those that were to be changed, ``other`` those that were not."""
        raise NotImplementedError

    def tests(self, files: Files, tests: Files, other: Files) -> str:
        """Source of the tests for it."""
        raise NotImplementedError

    def shares_process(self, files: Files, tests: Files, other: Files) -> bool:
        """Whether tests can be run in the program's own process only."""
        return False
