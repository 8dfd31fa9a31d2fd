"""BigCodeBench's record shape (Zhuo et al. 2024, arXiv 2406.15877): a problem as code, and one in prose."""

from collections.abc import Callable, Iterator

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.python_tests import may_define, not_python
from evalsite.rundir.schema import Problem


class BigCodeBenchRecord(msgspec.Struct):
    """One line of BigCodeBench. ``test`` defines cases of ``unittest``; they may use what the program has
    imported.
    """

    task_id: str
    complete_prompt: str
    instruct_prompt: str
    canonical_solution: str
    test: str
    entry_point: str


def to_complete_problem(record: BigCodeBenchRecord) -> Problem:
    """The prompt is code that the completion continues."""
    return _problem(record, record.complete_prompt, "unittest")


def to_instruct_problem(record: BigCodeBenchRecord) -> Problem:
    """The prompt is prose, and says with which code the answer begins."""
    return _problem(record, record.instruct_prompt, "unittest-text")


def _problem(record: BigCodeBenchRecord, prompt: str, kind: str) -> Problem:
    return Problem(
        task_id=record.task_id,
        prompt=prompt.replace("\r\n", "\n"),
        kind=kind,
        entry_point=record.entry_point,
        tests=record.test.replace("\r\n", "\n"),
        reference=(record.complete_prompt + record.canonical_solution).replace("\r\n", "\n"),
    )


def faults(record: BigCodeBenchRecord) -> Iterator[tuple[str, str]]:
    """What no answer could pass with."""
    if wrong := not_python(record.test):
        yield "test", wrong
    elif "TestCase" not in record.test:
        yield "test", "defines no cases of unittest"
    if not may_define(record.complete_prompt + record.canonical_solution, record.entry_point):
        yield "entry_point", f"{record.entry_point!r} is defined neither by prompt nor by solution"


def _shape(to_problem: Callable[[BigCodeBenchRecord], Problem]) -> Shape[BigCodeBenchRecord]:
    return Shape(
        lambda fields: {"complete_prompt", "test"} <= fields.keys(),
        BigCodeBenchRecord,
        to_problem,
        faults,
        reference_field="canonical_solution",
        tests_field=lambda _record: "test",
    )


COMPLETE = _shape(to_complete_problem)
INSTRUCT = _shape(to_instruct_problem)
"""Read so where the data set is called so; a file by itself is read as :data:`COMPLETE`."""
