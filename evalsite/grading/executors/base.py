"""What runs programs, as the grader sees it: here, in another process, or on other machines."""

from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, Self

from evalsite.grading.execution import Execution
from evalsite.kinds.judging import RunAs
from evalsite.languages.python.running import NUMPY
from evalsite.languages.running import PLAIN
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits


@dataclass(frozen=True, kw_only=True)
class Task:
    """A program to run with its tests, and how long it may take in CPU seconds."""

    source: str
    tests: str
    run_as: RunAs = RunAs.MODULE
    """How the program is run for its tests."""
    prelude: str = ""
    """Source whose names it may use without a word."""
    own_names: tuple[str, ...] = ()
    """Names that a right program defines, and that the tests therefore mean even if they are those of
    built-ins.
    """
    shared_names: tuple[str, ...] = ()
    """Names that mean to the program what its tests make of them."""
    entry_function: str = ""
    """The entry point, where a right program defines a function of that name."""
    in_process: bool = False
    """Run the tests in the program's own process (:mod:`evalsite.grading.in_process`)."""
    cpu_s: float
    memory_mib: int
    environment: str = PLAIN
    """Name of the environment that it runs in: one of :data:`evalsite.grading.environments.ENVIRONMENTS`."""
    alone: bool = False
    """Run while nothing else runs, after everything that may run together, and so with all the memory."""
    asks_reference: bool = False
    """Its tests find out what is right; that may be kept (:mod:`evalsite.grading.expected`)."""
    shared: bool = False
    """Run once for all who ask: what a problem's reference solution needs does not change."""


@dataclass
class Queued:
    """A task that waits or runs, and what comes of it."""

    task: Task
    future: "Future[Execution]" = field(default_factory=Future)


@dataclass(frozen=True)
class Conditions:
    """What programs run under, for the run's record."""

    layers: tuple[str, ...] = ()
    """The isolation layers in force."""
    python: str = ""
    """Version of the interpreter that runs the programs."""
    packages: tuple[tuple[str, str], ...] = ()
    """Name and version of what programs may import from, where that is not evalsite's own Python."""
    preload: tuple[str, ...] = (NUMPY,)
    """Packages of the environment for programs that import one of them."""
    toolchains: tuple[tuple[str, str], ...] = ()
    """Language and version of the tools that compile and run its programs, as far as some were needed."""
    sandbox: Sandbox | None = None
    """How they are isolated; None where nothing is run."""
    notes: tuple[str, ...] = ()
    """What people should know of this machine's room, in sentences; not recorded."""


class Executor(Protocol):
    """Runs tasks; a context manager, and no task is taken outside of it.

    Entering raises SandboxError where code cannot be run safely. Leaving cancels what waits and breaks off
    what runs. How tasks are isolated, and that one runs alone where it says so, is the executor's business;
    what is to run again is not (:func:`evalsite.grading.settling.settle`).
    """

    limits: Limits
    """What one sample may use."""

    @property
    def workers(self) -> int:
        """Tasks that run at the same time."""

    @property
    def conditions(self) -> Conditions:
        """What programs run under; empty before it is entered."""

    def submit(self, task: Task) -> "Future[Execution]":
        """Queue a task; its future holds the execution, or SandboxError. May be called from any thread.

        Raises RuntimeError when the executor is closed.
        """

    def begun(self) -> AbstractContextManager[None]:
        """Start beside what is done within, where that can be; whoever enters later waits for the rest of it.
        Whatever was begun and not entered ends with leaving. Raises nothing: entering does.
        """

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc_info: object) -> None: ...
