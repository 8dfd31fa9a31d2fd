"""One programming language: all that the rest of evalsite has to ask about it."""

from dataclasses import dataclass

from evalsite.languages.exercises import Exercises
from evalsite.languages.failures import Failures
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.languages.toolchain import Toolchain


@dataclass(frozen=True)
class Asking:
    """How code of the language is asked for."""

    function_stops: tuple[str, ...]
    """Ends a function body that is being continued."""
    program_stops: tuple[str, ...]
    """Ends a program that is written from scratch."""
    text: str
    """How a program begins that opens with a description, which stands for ``{}``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Language:
    """A language that problems can be posed in."""

    name: str
    """As in ``problems.jsonl``, and behind a fence."""
    title: str
    """As people write it."""
    lexer: str
    """Name of the lexer that highlights it (of pygments)."""
    comment: str
    """What a comment up to the end of the line begins with."""
    suffix: str
    """What the names of its files end with, behind a dot."""
    written: tuple[str, ...]
    """As names of data sets have it, and how else people write it there."""
    asking: Asking
    reading: Reading
    running: Running
    failures: Failures
    toolchain: Toolchain | None = None
    """What compiles and runs its programs; None where the sandbox's own server does (Python)."""
    exercises: Exercises | None = None
    """How exercises of several files are run; None where they are not."""
