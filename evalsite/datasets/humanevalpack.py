"""HumanEvalPack's record shape (Muennighoff et al. 2023, arXiv 2308.07124): HumanEval in six languages, each
with a solution that has a fault.
"""

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster
from evalsite.rundir.schema import Problem

_LANGUAGES = {
    "Python": "python",
    "JavaScript": "javascript",
    "Java": "java",
    "Go": "go",
    "CPP": "cpp",
    "Rust": "rust",
}
"""What a ``task_id`` begins with -> language."""


class HumanEvalPackRecord(msgspec.Struct):
    """One line of a language's file. ``test`` uses what the program defines; what it needs before that (Go's
    imports) stands in ``test_setup``.
    """

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    buggy_solution: str
    test: str
    declaration: str
    test_setup: str = ""

    def __post_init__(self) -> None:
        if self.task_id.partition("/")[0] not in _LANGUAGES:
            raise ValueError(f"`task_id` {self.task_id!r} begins with none of {', '.join(_LANGUAGES)}")


def to_problem(record: HumanEvalPackRecord) -> Problem:
    """The prompt is code that the completion continues."""
    prompt = record.prompt.replace("\r\n", "\n")
    return Problem(
        task_id=record.task_id,
        prompt=prompt,
        kind="code",
        entry_point=record.entry_point,
        tests=record.test_setup.replace("\r\n", "\n") + record.test.replace("\r\n", "\n"),
        reference=prompt + record.canonical_solution.replace("\r\n", "\n"),
        language=_LANGUAGES[record.task_id.partition("/")[0]],
    )


SYNTHESIS = Shape(
    lambda fields: "buggy_solution" in fields,
    HumanEvalPackRecord,
    to_problem,
    reference_field="canonical_solution",
    cluster=humaneval_cluster,
    tests_field=lambda _record: "test",
)
"""Write the function."""
