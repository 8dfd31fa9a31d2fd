"""What a language's programs need to be run and tested."""

import re
from abc import ABC, abstractmethod

PLAIN = "plain"
"""The environment of the standard library alone."""


class Running(ABC):
    """What is said here holds for a language whose programs need nothing."""

    varying: re.Pattern[str]
    """Matches clocks, and chance that has no seed."""

    def environment(self, source: str, tests: str, packages: tuple[str, ...] = ()) -> str:
        """Name of the environment that a program is run in: one of
        :data:`evalsite.grading.environments.ENVIRONMENTS`, one of which has the ``packages`` at hand.
        """
        return PLAIN

    def own_names(self, reference: str, entry_point: str) -> tuple[str, ...]:
        """Names of built-ins that a right program defines itself, so that its tests mean the program's."""
        return ()

    def entry_function(self, reference: str, entry_point: str) -> str:
        """The entry point where it is to be a function; nothing where it may be a class."""
        return ""

    def shared_names(self, reference: str) -> tuple[str, ...]:
        """Names of its module that the reference solution speaks of: where tests give one another meaning, a
        program has that, too. Any other name of the tests says nothing to a program, whatever it calls so.
        """
        return ()

    def may_vary(self, reference: str, tests: str) -> bool:
        """Whether the tests' outcome might change from run to run: they ask for the time, or for chance."""
        return bool(self.varying.search(reference) or self.varying.search(tests))

    def asked_names(self, entry_point: str, reference: str, tests: str) -> tuple[str, ...]:
        """What a program has to define: the entry point, or what else is known of what its tests use."""
        return (entry_point,) if entry_point else ()

    @abstractmethod
    def stub(self, *names: str) -> str:
        """A program that defines what is asked for and does not do it: the tests have to fail it."""

    def stub_of(self, begun: str, *names: str) -> str:
        """The same where code is given that ends within the function: languages with types need its head."""
        return self.stub(*names)

    def idle_stub(self, *names: str) -> str:
        """A program that does what is asked for without an error, and gives what is equal to nothing: tests
        that assert nothing pass it. Empty where there is no such program.
        """
        return ""


class OfTools(Running):
    """Programs that are compiled and run by tools of the system's, in an environment of their own."""

    def __init__(self, language: str) -> None:
        self._language = language

    def environment(self, source: str, tests: str, packages: tuple[str, ...] = ()) -> str:
        """It is named after the language."""
        return self._language

    def stub(self, *names: str) -> str:
        """Nothing, which is not tried: without types, no function can be made up."""
        return ""
