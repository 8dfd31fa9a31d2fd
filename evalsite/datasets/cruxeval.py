"""CRUXEval's record shape (Gu et al. 2024, arXiv 2401.03065): one record, and a problem in each direction."""

import re
from collections.abc import Callable, Iterator

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.python_tests import not_python
from evalsite.rundir.schema import Problem


class CruxEvalRecord(msgspec.Struct):
    """One line of ``cruxeval.jsonl``: a function ``f``, the arguments of a call, and what it returns."""

    id: str
    code: str
    input: str
    output: str


_DEFINES_F = re.compile(r"(?m)^(?:async\s+)?def\s+f\s*\(|^f\s*=")


def to_output_problem(record: CruxEvalRecord) -> Problem:
    """What does the call return?"""
    code = record.code.rstrip()
    return Problem(
        task_id=record.id,
        prompt=f"{code}\nassert f({record.input}) == ??\n",
        kind="output-prediction",
        entry_point="f",
        tests=f"assert answer == {record.output}\n",
        reference=record.output,
    )


def to_input_problem(record: CruxEvalRecord) -> Problem:
    """With which arguments does it return that?"""
    code = record.code.rstrip()
    return Problem(
        task_id=record.id,
        prompt=f"{code}\nassert f(??) == {record.output}\n",
        kind="input-prediction",
        entry_point="f",
        tests=f"{code}\n\nassert f(*arguments, **options) == {record.output}\n",
        reference=f"f({record.input})",
    )


def faults(record: CruxEvalRecord) -> Iterator[tuple[str, str]]:
    """What is no Python, and code without the function that is asked about."""
    for field, source in (("code", record.code), ("input", f"f({record.input})"), ("output", record.output)):
        if wrong := not_python(source):
            yield field, wrong
            return
    if not _DEFINES_F.search(record.code):
        yield "code", "defines no function `f`, of which a call is asked about"


def _shape(to_problem: Callable[[CruxEvalRecord], Problem], reference_field: str) -> Shape[CruxEvalRecord]:
    return Shape(
        lambda fields: {"code", "input", "output"} <= fields.keys(),
        CruxEvalRecord,
        to_problem,
        faults,
        reference_field=reference_field,
        tests_field=lambda _record: "output",
    )


OUTPUT = _shape(to_output_problem, "output")
INPUT = _shape(to_input_problem, "input")
"""Read so where the data set is called so; a file by itself is read as :data:`OUTPUT`."""
