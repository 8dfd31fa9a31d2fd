"""Records that want calls of tools: BFCL's single-turn ones, and those of one's own."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from evalsite.calls.judging import WORDS, Expected
from evalsite.calls.reading import MOST_DEPTH, too_deep
from evalsite.calls.task import Task, to_problem
from evalsite.calls.tools import Tool, from_bfcl
from evalsite.datasets.base import Shape, name_of
from evalsite.rundir.schema import Problem

WORD_OF = {"irrelevance": "none", "live_irrelevance": "none", "live_relevance": "some"}
"""BFCL's categories without accepted calls -> what they expect."""


class _BfclFunction(msgspec.Struct):
    name: str
    parameters: dict[str, Any]
    description: str = ""


class BfclRecord(msgspec.Struct):
    """A record of the Berkeley Function Calling Leaderboard v4, with its accepted answers beside it."""

    id: str
    category: str
    question: tuple[tuple[dict[str, Any], ...], ...]
    """Turns of messages; of more than one only the first is asked."""
    function: tuple[_BfclFunction, ...]
    ground_truth: tuple[dict[str, dict[str, list[Any]]], ...] | None = None

    def __post_init__(self) -> None:
        _refuse_depth(self.question, [each.parameters for each in self.function], self.ground_truth)


def _refuse_depth(*values: Any) -> None:
    if any(too_deep(value) for value in values):
        raise ValueError(f"something is nested more than {MOST_DEPTH} deep")


def bfcl_problem(record: BfclRecord) -> Problem:
    """Its category is its group; the words for types become JSON Schema's."""
    tools = tuple(
        Tool(name=each.name, description=each.description, parameters=from_bfcl(each.parameters))
        for each in record.function
    )
    expected = Expected(calls=record.ground_truth or (), word=WORD_OF.get(record.category, ""))
    task = Task(messages=record.question[0] if record.question else (), tools=tools, expected=expected)
    return to_problem(record.id, task, record.category)


def bfcl_faults(record: BfclRecord) -> Iterator[tuple[str, str]]:
    """What no answer could pass with."""
    if not record.question or not record.question[0]:
        yield "question", "holds no message"
    names = {each.name for each in record.function}
    if record.category not in WORD_OF and not record.ground_truth:
        yield "ground_truth", f"is empty, and {record.category!r} is no category that expects none"
    yield from _strangers("ground_truth", record.ground_truth or (), names)


class _Function(msgspec.Struct):
    name: str
    description: str = ""
    parameters: dict[str, Any] = {}


class _OfferedTool(msgspec.Struct):
    function: _Function
    type: Literal["function"] = "function"


class OwnRecord(msgspec.Struct):
    """A record of one's own: messages and tools in OpenAI's form, and what is expected."""

    messages: tuple[dict[str, Any], ...]
    tools: tuple[_OfferedTool, ...]
    expected: str | tuple[dict[str, Any], ...]
    """``none``, ``any``, ``some``, or calls: ``{name: {argument: [accepted values]}}``, or
    ``{"name": ..., "arguments": {...}}`` for one that was made."""
    task_id: int | float | str = ""
    """Without one, it is a hash of the record."""
    category: str = ""

    def __post_init__(self) -> None:
        self.task_id = name_of(self.task_id)
        _refuse_depth(self.messages, [each.function.parameters for each in self.tools], self.expected)


def own_problem(record: OwnRecord) -> Problem:
    """A problem whose group is the record's category."""
    tools = tuple(
        Tool(
            name=each.function.name,
            description=each.function.description,
            parameters=each.function.parameters,
        )
        for each in record.tools
    )
    word = record.expected if isinstance(record.expected, str) else ""
    calls = () if isinstance(record.expected, str) else tuple(_accepted(each) for each in record.expected)
    task = Task(messages=record.messages, tools=tools, expected=Expected(calls=calls, word=word))
    name = str(record.task_id) or f"calls-{hashlib.sha256(msgspec.json.encode(task)).hexdigest()[:12]}"
    return to_problem(name, task, record.category)


def _accepted(call: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Accepted values of one call; of a call that was made, its own."""
    name, arguments = call.get("name"), call.get("arguments", {})
    if isinstance(name, str) and isinstance(arguments, dict):
        return {name: {key: [_exactly(value)] for key, value in arguments.items()}}
    return call


def _exactly(value: Any) -> Any:
    """A value as the only one accepted: an object lists accepted values for each of its names."""
    if isinstance(value, dict):
        return {name: [each] for name, each in value.items()}
    if isinstance(value, list):
        return [_exactly(each) if isinstance(each, dict) else each for each in value]
    return value


def own_faults(record: OwnRecord) -> Iterator[tuple[str, str]]:
    """What no answer could pass with, or what cannot be asked."""
    if not record.messages:
        yield "messages", "is empty"
    from evalsite.calls.schemas import schema_fault  # here: most data sets have no tools

    for each in record.tools:
        if fault := schema_fault(each.function.parameters):
            yield "tools", f"the parameters of {each.function.name!r} are no JSON Schema: {fault}"
    if isinstance(record.expected, str):
        if record.expected not in WORDS:
            yield "expected", f"is {record.expected!r}; it is calls, or one of {', '.join(WORDS)}"
        return
    if not record.expected:
        yield "expected", 'is empty; for an answer without a call it is "none"'
    for call in record.expected:
        if isinstance(call.get("name"), str):
            if set(call) - {"name", "arguments"} or not isinstance(call.get("arguments", {}), dict):
                yield "expected", "a call that was made has a name, and an object as arguments"
        elif not call or not all(
            isinstance(arguments, dict) and all(isinstance(each, list) for each in arguments.values())
            for arguments in call.values()
        ):
            yield "expected", "a call is {name: {argument: [accepted values]}}"
    names = {each.function.name for each in record.tools}
    yield from _strangers("expected", [_accepted(each) for each in record.expected], names)


def _strangers(field: str, calls: Sequence[dict[str, Any]], names: set[str]) -> Iterator[tuple[str, str]]:
    for call in calls:
        for name in call:
            if name not in names:
                yield field, f"wants a call of {name!r}, which is not among the tools"


BFCL = Shape(
    lambda fields: "ground_truth" in fields and "function" in fields,
    BfclRecord,
    bfcl_problem,
    bfcl_faults,
    reference_field="ground_truth",
    tests_field=lambda _record: "ground_truth",
)
OWN = Shape(
    lambda fields: "messages" in fields and "expected" in fields,
    OwnRecord,
    own_problem,
    own_faults,
    reference_field="expected",
    tests_field=lambda _record: "expected",
)
