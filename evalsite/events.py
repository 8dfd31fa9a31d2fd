"""How far a piece of work is: one record, told by whoever works and shown by whoever listens."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import asyncio

Step = Literal["asking", "grading", "importing", "building", "trying", "fetching", "remark"]


@dataclass(frozen=True, slots=True)
class Event:
    """One state of one piece of work, counted in what the step is about: samples, runs, pages."""

    step: Step
    about: str = ""
    """The model's name, or what is being made: ``reading runs``, ``rendering problem pages``."""
    done: int = 0
    total: int = 0
    """0 where it is not known yet."""
    answered: int = 0
    passed: int = 0
    missing: int = 0
    at: str = ""
    """The problem that is waited for, where a step says so."""
    remark: str = ""
    """Something that people should know, for the step ``remark``: a note or a warning in one sentence."""


Listener = Callable[[Event], None]
"""Called from the thread that works, often: it has to be quick, and what it raises ends the work."""


def ignore(_event: Event) -> None:
    """Listen to nothing."""


@dataclass(frozen=True)
class Watched:
    """How somebody follows a piece of work on a run: what is told, and what is done around it."""

    listener: Listener = ignore
    within: Callable[[Path], AbstractContextManager[None]] = lambda _path: nullcontext()
    """Entered with the run's path while it is worked on."""
    interrupts: "Callable[[asyncio.Event], AbstractContextManager[None]]" = lambda _stop: nullcontext()
    """Entered while a model is asked, with the event that stops this gracefully."""


UNWATCHED = Watched()
"""Nobody follows it."""


@dataclass
class SampleCount:
    """Samples of one run, counted while they are answered and graded; every change is told."""

    step: Step
    about: str
    total: int
    listener: Listener = ignore
    answered: int = 0
    graded: int = 0
    passed: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    """Why samples could not be had -> how many."""
    ungraded: dict[str, int] = field(default_factory=dict)
    """Why samples could not be graded on this machine -> how many."""

    def answer(self) -> None:
        """One more answer has arrived."""
        self.answered += 1
        self.tell()

    def lose(self, reason: str) -> None:
        """One more sample could not be had."""
        self.missing[reason] = self.missing.get(reason, 0) + 1
        self.tell()

    def leave(self, reason: str) -> None:
        """One more sample could not be graded here."""
        self.ungraded[reason] = self.ungraded.get(reason, 0) + 1
        self.tell()

    def grade(self, *, passed: bool) -> None:
        """One more verdict was reached."""
        self.graded += 1
        self.passed += passed
        self.tell()

    def tell(self) -> None:
        """Tell the state as it is. A sample is done when it has its verdict, or can't be had."""
        missing = sum(self.missing.values()) + sum(self.ungraded.values())
        self.listener(
            Event(
                step=self.step,
                about=self.about,
                done=self.graded + missing,
                total=self.total,
                answered=self.answered,
                passed=self.passed,
                missing=missing,
            )
        )


def remark(listener: Listener, text: str) -> None:
    """Tell people one sentence; an empty one is not worth telling."""
    if text:
        listener(Event("remark", remark=text))
