"""HumanEval's record shape (Chen et al. 2021, arXiv 2107.03374); HumanEval+ shares it."""

import msgspec

from evalsite.datasets.base import Shape
from evalsite.rundir.schema import Problem


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


SHAPE = Shape(lambda fields: "test" in fields, HumanEvalRecord, to_problem)
