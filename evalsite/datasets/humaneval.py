"""HumanEval's record shape (Chen et al. 2021, arXiv 2107.03374); HumanEval+ shares it."""

import contextlib
import re
from collections.abc import Iterator

import msgspec

from evalsite.datasets.base import Shape
from evalsite.languages.python.code import bound_names
from evalsite.languages.python.syntax import parse
from evalsite.languages.python.tame import is_tame
from evalsite.rundir.schema import Problem

MOST_PARSED = 50_000
"""Characters of tests that are parsed; HumanEval+ has some of half a million, most of it values."""


class HumanEvalRecord(msgspec.Struct):
    """One line of ``HumanEval.jsonl``. ``test`` defines ``check(candidate)``."""

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def to_problem(record: HumanEvalRecord) -> Problem:
    """The prompt is code that the completion continues; the tests end by calling ``check``."""
    prompt = record.prompt.replace("\r\n", "\n")
    return Problem(
        task_id=record.task_id,
        prompt=prompt,
        kind="code",
        entry_point=record.entry_point,
        tests=f"{record.test}\n\ncheck({record.entry_point})\n".replace("\r\n", "\n"),
        reference=prompt + record.canonical_solution.replace("\r\n", "\n"),
    )


def faults(record: HumanEvalRecord) -> Iterator[tuple[str, str]]:
    """What no answer could pass with: tests that cannot run, or names that nobody defines."""
    try:
        has_check = _may_define(record.test, "check")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        line = f", line {exc.lineno}" if isinstance(exc, SyntaxError) and exc.lineno else ""
        yield "test", f"is no Python ({getattr(exc, 'msg', exc)}{line})"
        return
    if not has_check:
        yield "test", "defines no check(candidate)"
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        # A solution that is no Python is told by the preflight, with what its execution says.
        if not _may_define(record.prompt + record.canonical_solution, record.entry_point):
            yield "entry_point", f"{record.entry_point!r} is defined neither by prompt nor by solution"


def _may_define(source: str, name: str) -> bool:
    """Whether a module binds a name; of one that is long or oddly deep, whether the name stands in it."""
    if len(source) > MOST_PARSED or not is_tame(source):
        return re.search(rf"\b{re.escape(name)}\b", source) is not None
    return bool({name, "*"} & bound_names(parse(source).body))


SHAPE = Shape(lambda fields: "test" in fields, HumanEvalRecord, to_problem, faults)
