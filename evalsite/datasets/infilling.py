"""human-eval-infilling's record shape (Bavarian et al. 2022, arXiv 2207.14255): HumanEval's, with a gap."""

from collections.abc import Mapping

import msgspec
from msgspec import structs

from evalsite.datasets import humaneval
from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster
from evalsite.datasets.unread import is_given
from evalsite.rundir.schema import Problem


class InfillingRecord(humaneval.HumanEvalRecord):
    """One line of such a file. ``canonical_solution`` is what stood in the gap, between prompt and suffix."""

    suffix: str

    @property
    def whole(self) -> str:
        """All of the code."""
        return self.prompt + self.canonical_solution + self.suffix


def to_problem(record: InfillingRecord) -> Problem:
    """The prompt is what stands before the gap; the tests are those of HumanEval."""
    plain = humaneval.to_problem(record)
    return structs.replace(
        plain,
        kind="infill",
        suffix=record.suffix.replace("\r\n", "\n"),
        reference=record.whole.replace("\r\n", "\n"),
    )


def _fits(fields: Mapping[str, msgspec.Raw]) -> bool:
    """Nothing stands behind a gap at the end: such a problem is known by its name."""
    named = b"Infilling/" in bytes(fields.get("task_id", b""))
    return "test" in fields and (is_given(fields, "suffix") or ("suffix" in fields and named))


SHAPE = Shape(
    _fits,
    InfillingRecord,
    to_problem,
    humaneval.faults,
    reference_field="canonical_solution",
    tests_field=lambda _record: "test",
    cluster=humaneval_cluster,
)
