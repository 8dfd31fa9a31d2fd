"""MBXP's record shape (Athiwaratkun et al. 2022, arXiv 2210.14868): MBPP in other languages than Python."""

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import mbpp_cluster
from evalsite.rundir.schema import Problem


class MbxpRecord(msgspec.Struct):
    """One line of a language's file. Many problems have no solution, and those that have one were written by
    a model.
    """

    task_id: str
    language: str
    prompt: str
    entry_point: str
    test: str
    canonical_solution: str | None = None


def to_problem(record: MbxpRecord) -> Problem:
    """The prompt is code that the completion continues."""
    prompt = record.prompt.replace("\r\n", "\n")
    solution = (record.canonical_solution or "").replace("\r\n", "\n")
    return Problem(
        task_id=record.task_id,
        prompt=prompt,
        kind="code",
        entry_point=record.entry_point,
        tests=record.test.replace("\r\n", "\n"),
        reference=f"{prompt}\n{solution}" if solution.strip() else "",
        language=record.language,
    )


SHAPE = Shape(
    lambda fields: fields.keys() >= {"language", "description", "test", "entry_point"},
    MbxpRecord,
    to_problem,
    reference_field="canonical_solution",
    by_models=True,
    cluster=mbpp_cluster,
    tests_field=lambda _record: "test",
)
