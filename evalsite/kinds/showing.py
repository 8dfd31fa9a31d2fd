"""A problem as people are shown it: files one after the other, messages by who says them, JSON by lines."""

import msgspec

from evalsite.calls.task import KIND as CALLS
from evalsite.calls.task import task_of
from evalsite.edits.exercise import KIND as EXERCISE
from evalsite.edits.exercise import decode_files, judged_of
from evalsite.kinds.editing import joined
from evalsite.kinds.infill import GAP
from evalsite.languages import language_of
from evalsite.rundir.agents import KIND as AGENT
from evalsite.rundir.schema import Problem

OF_FILES = frozenset({EXERCISE, AGENT})


def shown_prompt(problem: Problem) -> str:
    """A problem's prompt that is code: with the code at fault, or with a gap and what follows."""
    behind = f"{GAP}{problem.suffix}" if problem.suffix else ""
    return f"{problem.prompt}{problem.faulty}{behind}"


def shown_words(problem: Problem) -> str:
    """A problem's prompt that is prose; of a conversation each message behind the role that says it."""
    if problem.kind != CALLS:
        return problem.prompt
    return "\n\n".join(f"{each.get('role')}: {_said(each)}" for each in task_of(problem).messages)


def _said(message: dict[str, object]) -> str:
    content = message.get("content")
    if isinstance(content, str) and not set(message) - {"role", "content"}:
        return content
    return _by_line({key: value for key, value in message.items() if key != "role"})


def shown_asked(problem: Problem) -> str:
    """What the model was sent; messages and tools line by line."""
    if problem.kind not in (CALLS, AGENT) or not problem.asked:
        return problem.asked
    try:
        return _by_line(msgspec.json.decode(problem.asked))
    except (msgspec.DecodeError, RecursionError):
        return problem.asked


def shown_tests(problem: Problem) -> str:
    """A problem's tests: files one after the other; of calls what is offered and expected, line by line."""
    if problem.kind == CALLS:
        return _by_line(msgspec.json.decode(problem.tests))
    if problem.kind not in OF_FILES:
        return problem.tests
    judged = judged_of(problem.tests)
    return joined({**judged.tests, **judged.other}, language_of(problem).comment)


def shown_reference(problem: Problem) -> str:
    """A problem's reference solution."""
    if problem.kind not in OF_FILES or not problem.reference:
        return problem.reference
    return joined(decode_files(problem.reference), language_of(problem).comment)


def _by_line(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
