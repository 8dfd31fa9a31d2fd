"""Contest problems: a whole program that reads and prints, or a function, judged by inputs and outputs.

As in LiveCodeBench (Jain et al. 2024, arXiv 2403.07974). A problem's tests are a JSON list of objects with
``input`` and ``output``. The words of the prompts are our own.
"""

import functools
import re
from typing import ClassVar

import msgspec

from evalsite.kinds.base import Found
from evalsite.kinds.judging import ByRunning, Judging, RunAs, last_block
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import AnswerForm, Problem

MOST_PARTS = 10
"""Inputs that may each use the whole limit on CPU time; of more, each has a part of as much."""
_MODULES = [
    "string",
    "re",
    "datetime",
    "collections",
    "heapq",
    "bisect",
    "copy",
    "math",
    "random",
    "statistics",
    "itertools",
    "functools",
    "operator",
    "io",
    "sys",
    "json",
    "typing",
]
PRELUDE = "".join(
    (
        *(f"from {name} import *\n" for name in _MODULES),
        "from builtins import *\n",
        *(f"import {name}\n" for name in [*_MODULES, "builtins"]),
        "sys.setrecursionlimit(50000)\n",
    )
)
"""What solutions of contests are used to find, as at the sites that they are written for."""


_IMPORT = "from evalsite.grading.inside.python_cases import "


_READS = re.compile(r"\binput\(|\bstdin\b|\bopen\(0")


class _Case(msgspec.Struct):
    input: str
    output: str


class _Contest(ByRunning):
    """What both kinds have in common."""

    has_references: ClassVar[bool] = False
    task: ClassVar[str]

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """A text in code with the description; nothing but a fence ends a program that prints."""
        return asking.text.format(f"{problem.prompt.strip()}\n\n{self.task}"), ("\n```",)

    def to_answer(self, problem: Problem, language: Language) -> str:
        """The description and what is to be written."""
        return f"{problem.prompt.strip()}\n\n{self.task}\n\nAnswer with the whole {language.title} program"

    def closing(self, language: Language) -> str:
        """The whole program in one fence."""
        return f" in one single fenced code block that begins with ```{language.name} and ends with ```."


class Stdin(_Contest):
    """A whole program that reads its standard input and prints the answer."""

    name: ClassVar[str] = "stdin"
    title: ClassVar[str] = "stdin"
    task = "The program reads the input from standard input and prints the answer to standard output."

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """Of a chat answer the last fenced program, one that reads before one that does not."""
        found = last_block(text, reading, lambda block: _READS.search(block) is not None)
        return found if form == "response" else None

    def judging(self, problem: Problem) -> Judging:
        """What is printed is compared line by line."""
        return _by_pairs(problem.tests)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """One that raises, and one that prints nothing."""
        return {"stub": running.stub(), "idle": running.idle_stub()}


class Call(_Contest):
    """A function, or a method of a class ``Solution``, that is called with arguments."""

    name: ClassVar[str] = "call"
    title: ClassVar[str] = "call"
    task = "The program goes on from the code that is given, and defines what it begins."

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """Of a chat answer the last fenced block that is a program and defines the function."""
        head = f"def {problem.entry_point}"
        found = last_block(text, reading, lambda block: head in block) if form == "response" else None
        return found if found is not None and head in found.source else None

    def judging(self, problem: Problem) -> Judging:
        """What is returned is compared."""
        return _by_calls(problem.entry_point, problem.tests)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """One that raises, and one that returns what is equal to nothing."""
        return {"stub": running.stub(problem.entry_point), "idle": running.idle_stub(problem.entry_point)}


@functools.lru_cache(maxsize=512)
def _by_pairs(cases: str) -> Judging:
    parts = _parts(cases)
    tests = f"{_IMPORT}judge_pairs\n\n{_judging(cases, f'judge_pairs(cases, {parts})')}"
    return Judging(tests, RunAs.SCRIPT, PRELUDE, parts)


@functools.lru_cache(maxsize=512)
def _by_calls(name: str, cases: str) -> Judging:
    found = f"try:\n    found = Solution().{name}\nexcept NameError:\n    found = {name}\n"
    tests = f"{_IMPORT}judge_calls\n\n{found}\n{_judging(cases, 'judge_calls(found, cases)')}"
    return Judging(tests, prelude=PRELUDE, cpu_factor=_parts(cases))


def _judging(cases: str, call: str) -> str:
    """A function, whose own names no program can have for its own."""
    return f"def judge():\n    cases = {cases!r}\n    {call}\n\n\njudge()\n"


def _parts(cases: str) -> int:
    return max(1, min(MOST_PARTS, len(msgspec.json.decode(cases, type=list[_Case]))))
