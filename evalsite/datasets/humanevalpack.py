"""HumanEvalPack's record shape (Muennighoff et al. 2023, arXiv 2308.07124): HumanEval in six languages, each
with a solution that has a fault.
"""

from collections.abc import Callable

import msgspec
from msgspec import structs

from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster
from evalsite.languages import LANGUAGES
from evalsite.rundir.schema import Problem


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
    """The head of the function without its description; Go's lacks the imports, Rust's the main function."""
    instruction: str = ""
    """What is wanted in words, with the function's signature: OctoPack's HumanEvalSynthesize instructs so."""
    test_setup: str = ""
    imports: str = msgspec.field(name="import", default="")

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"`task_id` {self.task_id!r} begins with none of {', '.join(LANGUAGES)}")

    @property
    def language(self) -> str:
        """The first part of a ``task_id``, such as ``CPP``, in small letters."""
        return self.task_id.partition("/")[0].lower()


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
        language=record.language,
        instruction=record.instruction.replace("\r\n", "\n"),
    )


def to_repair(record: HumanEvalPackRecord) -> Problem:
    """The faulty solution is shown with the tests, without the description: they say what is right."""
    problem = to_problem(record)
    main = "fn main(){}\n" if problem.language == "rust" else ""
    head = f"{main}{record.imports}{record.declaration}".replace("\r\n", "\n")
    return structs.replace(
        problem,
        kind="repair",
        instruction="",
        prompt=head,
        faulty=record.buggy_solution.replace("\r\n", "\n"),
        shown_tests=(record.test.replace("\r\n", "\n"),),
        reference=head + record.canonical_solution.replace("\r\n", "\n"),
    )


def _shape(to_problem: Callable[[HumanEvalPackRecord], Problem]) -> Shape[HumanEvalPackRecord]:
    return Shape(
        lambda fields: "buggy_solution" in fields,
        HumanEvalPackRecord,
        to_problem,
        reference_field="canonical_solution",
        cluster=humaneval_cluster,
        tests_field=lambda _record: "test",
    )


SYNTHESIS = _shape(to_problem)
"""Write the function."""
REPAIR = _shape(to_repair)
"""Mend the function: read so where the data set is called so."""
