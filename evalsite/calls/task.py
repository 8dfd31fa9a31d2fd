"""What a problem of this kind holds: a conversation, the tools that are offered, and the calls expected."""

from functools import lru_cache
from typing import Any

import msgspec

from evalsite.calls.judging import Expected
from evalsite.calls.tools import Tool
from evalsite.errors import RunFormatError
from evalsite.rundir.schema import Problem

KIND = "calls"
"""The kind's name, as in ``problems.jsonl``."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer is judged by: a problem's ``tests``, as JSON."""

    tools: tuple[Tool, ...]
    expected: Expected


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One problem, read."""

    messages: tuple[dict[str, Any], ...]
    """As the chat API takes them."""
    tools: tuple[Tool, ...]
    expected: Expected


def to_problem(task_id: str, task: Task, group: str = "") -> Problem:
    """Put a task into a row of the run format: messages are its prompt, the rest its tests, both as JSON."""
    judged = Judged(tools=task.tools, expected=task.expected)
    return Problem(
        task_id=task_id,
        prompt=msgspec.json.encode(task.messages).decode(),
        kind=KIND,
        entry_point="",
        tests=msgspec.json.encode(judged).decode(),
        reference="",
        group=group,
    )


def task_of(problem: Problem) -> Task:
    """Read a problem's task; raises RunFormatError where it holds none."""
    try:
        judged = _judged(problem.tests)
        messages = msgspec.json.decode(problem.prompt, type=tuple[dict[str, Any], ...])
    except (msgspec.DecodeError, RecursionError) as exc:
        raise RunFormatError(
            f"{problem.task_id}: prompt or tests of a problem of kind {KIND!r} cannot be read ({exc})",
            hint="Put problems.jsonl back if you have it, or run the data set anew.",
        ) from exc
    return Task(messages=messages, tools=judged.tools, expected=judged.expected)


@lru_cache(maxsize=256)
def _judged(tests: str) -> Judged:
    return msgspec.json.decode(tests, type=Judged)
