"""EvalPlus' own record shape of HumanEval+ (Liu et al. 2023, arXiv 2305.01210): inputs, not tests.

What is right for an input, the canonical solution says when it is called with it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster
from evalsite.datasets.python_tests import may_define
from evalsite.datasets.unread import is_given
from evalsite.rundir.schema import Problem

PARTS = ("base", "plus")
"""HumanEval's own inputs, and those that EvalPlus has added."""


class EvalPlusRecord(msgspec.Struct):
    """One line of ``HumanEvalPlus.jsonl``. Inputs are lists of arguments; ``contract`` says which of them
    are valid, and served to make them. HumanEval's own ``test`` says nothing that the base inputs do not.
    """

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    base_input: list[msgspec.Raw]
    plus_input: list[msgspec.Raw]
    atol: float = 0.0
    """What numbers may differ by; 0: not at all, or by a millionth where they are floating-point ones."""
    contract: str = ""


def to_problem(record: EvalPlusRecord) -> Problem:
    """The prompt is code that the completion continues; the tests have a part for each kind of input."""
    prompt = record.prompt.replace("\r\n", "\n")
    reference = prompt + record.canonical_solution.replace("\r\n", "\n")
    inputs = dict(zip(PARTS, (record.base_input, record.plus_input), strict=True))
    tests = {"reference": reference, "atol": _plain(record.atol), "inputs": inputs}
    return Problem(
        task_id=record.task_id,
        prompt=prompt,
        kind="code-inputs",
        entry_point=record.entry_point,
        tests=msgspec.json.encode(tests).decode(),
        parts=PARTS,
        reference=reference,
    )


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def faults(record: EvalPlusRecord) -> Iterator[tuple[str, str]]:
    """What nobody could be judged by."""
    if record.task_id.casefold().startswith("mbpp"):
        yield (
            "base_input",
            "MBPP+'s inputs are written in a way of their own; MbppPlus-OriginFmt.jsonl.gz holds tests",
        )
    for name in ("base_input", "plus_input"):
        for number, each in enumerate(getattr(record, name)):
            if bytes(each).lstrip()[:1] != b"[":
                yield name, f"input {number} is no list of arguments"
    if not may_define(record.prompt + record.canonical_solution, record.entry_point):
        yield "entry_point", f"{record.entry_point!r} is defined neither by prompt nor by solution"


SHAPE: Shape[Any] = Shape(
    lambda fields: is_given(fields, "base_input") and is_given(fields, "plus_input"),
    EvalPlusRecord,
    to_problem,
    faults,
    reference_field="canonical_solution",
    tests_field=lambda _record: "base_input",
    cluster=humaneval_cluster,
)
