"""Tools of other problems, offered beside a problem's own, which none of them could stand in for.

All tools of a data set are put into one order, drawn by :data:`SEED`, and each problem takes the first of
them that are no rivals of its own: so a level of 8 is a part of that of 32, and what servers read first is
mostly the same for all problems. A problem's own tools stand among them at places drawn for that problem.

Words are read as their first five letters, and a word is *telling* if no more than one tool in twenty (three,
where there are few) has it in its name or description. A tool is a rival of a problem, and is passed over,
where

- it goes by the name of one of the problem's tools, or by one that servers would take for it,
- a telling word of the one's name stands in the other's name or description, or two telling words stand in
  both descriptions,
- both take the same arguments, two or more, by their names,
- a telling word of its name, or two of its description, stand in what the problem asks; one does where no
  call is wanted, for then any tool that fits the question is the wrong thing to offer.

A tool that may be of use to anybody (it searches the web, answers questions, runs code or commands) is
nobody's distractor. The rule knows words and not what they mean: it passes over far more tools than could be
meant, and cannot know that two words that share no letters mean the same.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from evalsite.calls.task import KIND, Judged, Task, task_of
from evalsite.calls.tools import Tool, wire_names
from evalsite.errors import UsageError
from evalsite.rundir.schema import Problem

SEED = "distractors-v1"
"""Another seed, or another rule, is another level: it would have another name."""
STEM = 5
"""Letters by which two words count as one."""
TELLING = 0.05
"""The largest share of tools that may have a word which tells what a tool is for."""
AT_LEAST = 3
"""So many may in any case."""
FOR_ANYTHING = frozenset(
    {
        "anything", "answer", "answers", "ask", "assistant", "bash", "bing", "browser", "chat", "code",
        "command", "commands", "curl", "equation", "evaluate", "execute", "expression", "google",
        "http", "https", "internet", "interpreter", "javascript", "knowledge", "llm", "prompt",
        "python", "query", "question", "questions", "requests", "script", "shell", "sql", "terminal",
        "url", "urls", "web", "webpage", "website", "wikipedia", "wolfram",
    }
)  # fmt: skip
"""Words of tools that could help with nearly any question."""
_SMALL = frozenset({"and", "are", "for", "from", "given", "its", "the", "their", "this", "that", "with"})
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


T = TypeVar("T")


@dataclass(frozen=True)
class _Read:
    """A tool, and what its words say of it."""

    tool: Tool
    name: frozenset[str]
    """Telling words of its name."""
    words: frozenset[str]
    """The same of name and description."""
    arguments: frozenset[str]


def with_distractors(problems: Sequence[Problem], number: int) -> tuple[Problem, ...]:
    """Offer each problem ``number`` tools of the others; none where no problem wants calls.

    Raises UsageError where only some problems want calls, and where too few tools are no rivals of one.
    """
    others = [problem for problem in problems if problem.kind != KIND]
    if not number or len(others) == len(problems):
        return tuple(problems)
    if others:
        raise UsageError(
            f"{others[0].task_id} asks for code, and others of its data set for calls of tools",
            hint="Leave --distractors out, or part the data set in two.",
        )
    tasks = [task_of(problem) for problem in problems]
    pool = Pool(tasks)
    return tuple(_harder(problem, task, pool, number) for problem, task in zip(problems, tasks, strict=True))


def _harder(problem: Problem, task: Task, pool: "Pool", number: int) -> Problem:
    found = []
    for tool in pool.for_problem(task):
        found.append(tool)
        if len(found) == number:
            break
    else:
        raise UsageError(
            f"{problem.task_id}: {number} distractors are wanted, and only {len(found)} tools of other "
            "problems are none that might answer as well",
            hint=f"Ask for {len(found)} or fewer, or take a larger data set.",
        )
    expected = task.expected
    if expected.word == "some":  # of the problem's own: any call at all would pass otherwise
        expected = replace(expected, among=tuple(tool.name for tool in task.tools))
    judged = Judged(tools=tuple(mixed(problem.task_id, task.tools, found)), expected=expected)
    return replace(problem, tests=msgspec.json.encode(judged).decode())


def mixed(seed: str, own: Sequence[T], others: Sequence[T]) -> list[T]:
    """A problem's own tools among the others, each at a place that is drawn for it by its id, the seed."""
    found = list(others)
    for index, tool in enumerate(own):
        found.insert(int(_drawn(seed, str(index)), 16) % (len(found) + 1), tool)
    return found


def _drawn(*parts: str) -> str:
    return hashlib.sha256("\n".join((SEED, *parts)).encode()).hexdigest()


class Pool:
    """All tools of a data set, in the order in which they are offered to other problems."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        tools: dict[str, Tool] = {}
        for task in tasks:
            for tool in task.tools:
                tools.setdefault(_wire(tool), tool)
        seen = Counter(word for tool in tools.values() for word in _stems(_text(tool)))
        most = max(AT_LEAST, TELLING * len(tools))
        self._common = frozenset(word for word, times in seen.items() if times > most)
        drawn = sorted(tools.values(), key=lambda tool: _drawn(tool.name))
        self._order = [self._read(tool) for tool in drawn if not _helps_anybody(tool)]

    @property
    def tools(self) -> list[Tool]:
        """All that anybody may be offered, in order."""
        return [each.tool for each in self._order]

    def for_problem(self, task: Task) -> Iterator[Tool]:
        """Yield the tools that are no rivals of a problem's, in order."""
        own = [self._read(tool) for tool in task.tools]
        named = {_wire(each.tool) for each in own}
        asked = self._telling(" ".join(_said(task.messages)))
        most = 1 if task.expected.word == "none" else 2
        for other in self._order:
            known = _wire(other.tool) in named or any(_alike(other, each) for each in own)
            if not known and not other.name & asked and len(other.words & asked) < most:
                yield other.tool

    def _read(self, tool: Tool) -> _Read:
        arguments = frozenset(tool.parameters.get("properties") or ())
        return _Read(tool, self._telling(tool.name), self._telling(_text(tool)), arguments)

    def _telling(self, text: str) -> frozenset[str]:
        return _stems(text) - self._common - _SMALL


def _alike(one: _Read, other: _Read) -> bool:
    """Whether one of two tools might do what the other is for."""
    return bool(
        one.name & other.words
        or other.name & one.words
        or len(one.words & other.words) > 1
        or (len(one.arguments) > 1 and one.arguments == other.arguments)
    )


def _helps_anybody(tool: Tool) -> bool:
    return not FOR_ANYTHING.isdisjoint(_words(_text(tool)))


def _wire(tool: Tool) -> str:
    """A name as servers might take it for another's."""
    return wire_names([tool])[tool.name].lower().replace("_", "").replace("-", "")


def _text(tool: Tool) -> str:
    return f"{tool.name} {tool.description}"


def _said(value: object) -> Iterator[str]:
    """All texts in messages, whatever they are parts of."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "role":
                yield from _said(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _said(each)


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in _WORD.findall(_HUMP.sub(" ", text)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in _words(text) if len(word) > 2)
