"""An agent's transcript on its problem's page: turn by turn, folded, each with an address of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.agents.tools import EDIT_FILE
from evalsite.rundir.schema import Verdict
from evalsite.rundir.steps import Step, Steps, ToolResult
from evalsite.site.views.edits import FileDiff, file_diff
from evalsite.site.views.marks import Mark
from evalsite.words import cells
from evalsite.words.sentences import count
from evalsite.words.text import shorten

MOST_TEXT = 6_000
"""Characters of an answer, of a call's arguments and of a result that are shown; files have them whole."""
MOST_NAMED = 4
"""Calls that the line of a folded turn names."""


@dataclass(frozen=True)
class CallView:
    """One call, and what came of it."""

    tool: str
    arguments: tuple[tuple[str, str], ...]
    """Names with values as text; of arguments that are no JSON object, the whole text without a name."""
    diff: FileDiff | None
    """Of an edit, what it puts in the place of what; its arguments leave that out."""
    mark: Mark | None
    """Of a run of the tests, and of a call that nobody could carry out."""
    result: str


@dataclass(frozen=True)
class TurnView:
    """One answer, and its calls."""

    number: int
    anchor: str
    says: str
    """What it does, in a line."""
    mark: Mark | None
    facts: str
    thought: str
    text: str
    calls: tuple[CallView, ...]
    pending: bool
    """Whether its calls were not carried out before the run was interrupted."""


@dataclass(frozen=True)
class TranscriptView:
    """All turns of one sample."""

    says: str
    """How many there are, and why it ended."""
    turns: tuple[TurnView, ...]


def transcript_of(verdict: Verdict, steps: Steps | None) -> TranscriptView | None:
    """Show what an agent did in one sample; None where nothing was recorded of it."""
    if steps is None or not steps.rows:
        return None
    turns = tuple(
        _turn(step, number, f"s{verdict.sample}-t{number}") for number, step in enumerate(steps.rows, start=1)
    )
    ended = f", ended by: {verdict.agent.ending.words}" if verdict.agent else ""
    return TranscriptView(f"{count(len(turns), 'turn')}{ended}", turns)


def _turn(step: Step, number: int, anchor: str) -> TurnView:
    answer, results = step.answer, step.results or ()
    marks = [mark for result in results if (mark := _mark(result))]
    return TurnView(
        number=number,
        anchor=anchor,
        says=_says(step),
        mark=marks[-1] if marks else None,
        facts=", ".join(_facts(step)),
        thought=shorten(answer.reasoning, MOST_TEXT),
        text=shorten(answer.text, MOST_TEXT),
        calls=tuple(map(_call, results)),
        pending=bool(answer.calls) and step.results is None,
    )


def _says(step: Step) -> str:
    if not step.results:
        return "calls that were not carried out" if step.answer.calls else "words, and no call"
    named = [_named(result) for result in step.results[:MOST_NAMED]]
    more = len(step.results) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _named(result: ToolResult) -> str:
    path = dict(_arguments(result)).get("path", "")
    return f"{result.tool or 'a call without a name'} {shorten(path, 80)}".strip()


def _facts(step: Step) -> Iterator[str]:
    if step.answer.completion_tokens is not None:
        yield count(step.answer.completion_tokens, "token")
    if step.answer.latency_s is not None:
        yield cells.seconds(step.answer.latency_s)


def _call(result: ToolResult) -> CallView:
    arguments = _arguments(result)
    named = dict(arguments)
    diff = None
    if result.tool == EDIT_FILE and not result.broken and {"old", "new"} <= named.keys():
        diff = file_diff(named.get("path", ""), *(shorten(named[name], MOST_TEXT) for name in ("old", "new")))
        arguments = tuple(each for each in arguments if each[0] not in ("old", "new"))
    return CallView(
        tool=result.tool or "(without a name)",
        arguments=tuple((name, shorten(value, MOST_TEXT)) for name, value in arguments),
        diff=diff,
        mark=_mark(result),
        result=shorten(result.text, MOST_TEXT),
    )


def _arguments(result: ToolResult) -> tuple[tuple[str, str], ...]:
    try:
        read = json.loads(result.arguments) if result.arguments else {}
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        return (("", result.arguments),)
    return tuple(
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in read.items()
    )


def _mark(result: ToolResult) -> Mark | None:
    if result.broken:
        return Mark("bad", "✗", "cannot be carried out")
    if result.passed is None:
        return None
    return Mark("good", "✓", "tests pass") if result.passed else Mark("bad", "✗", "tests fail")
