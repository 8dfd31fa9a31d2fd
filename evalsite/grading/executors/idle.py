"""Runs nothing: for problems whose answers are judged as they are, so that no sandbox has to start."""

from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Conditions, Task
from evalsite.rundir.schema import Limits


class IdleExecutor:
    """An executor that is never given a task."""

    workers = 1
    conditions = Conditions(preload=())

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def submit(self, task: Task) -> "Future[Execution]":
        """Not asked: raises RuntimeError."""
        raise RuntimeError(f"a program is to be run where none was expected: {task.source[:40]!r}")

    def begun(self) -> AbstractContextManager[None]:
        """Starts nothing."""
        return nullcontext()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass
