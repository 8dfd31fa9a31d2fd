"""HumanEval's record shape (Chen et al. 2021, arXiv 2107.03374); HumanEval+ shares it."""

from collections.abc import Iterator

import msgspec

from evalsite.datasets.base import Shape, name_of
from evalsite.datasets.python_tests import as_program, may_define, not_python
from evalsite.rundir.schema import Problem


class HumanEvalRecord(msgspec.Struct):
    """One line of ``HumanEval.jsonl``. ``test`` defines ``check(candidate)``, or functions that are called
    ``test...``, or a ``TestCase``.
    """

    task_id: int | float | str
    """A number is its own name: 17, and 17.0 of tables, are called ``17``."""
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str

    def __post_init__(self) -> None:
        self.task_id = name_of(self.task_id)

    @property
    def whole(self) -> str:
        """The program that the canonical solution makes."""
        return self.prompt + self.canonical_solution


def to_problem(record: HumanEvalRecord) -> Problem:
    """The prompt is code that the completion continues; the tests end by calling ``check``."""
    prompt = record.prompt.replace("\r\n", "\n")
    return Problem(
        task_id=str(record.task_id),
        prompt=prompt,
        kind="code",
        entry_point=record.entry_point,
        tests=_tests(record),
        reference=record.whole.replace("\r\n", "\n"),
    )


def _tests(record: HumanEvalRecord) -> str:
    """The tests as they run behind the program: with what calls them, where nothing in them does."""
    test = record.test.replace("\r\n", "\n")
    if may_define(test, "check"):
        return f"{test}\n\ncheck({record.entry_point})\n"
    return as_program(test, record.entry_point) or test


def faults(record: HumanEvalRecord) -> Iterator[tuple[str, str]]:
    """What no answer could pass with: tests that cannot run, or names that nobody defines."""
    if wrong := not_python(record.test):
        yield "test", wrong
    elif not may_define(record.test, "check") and not as_program(record.test, record.entry_point):
        yield "test", "defines no check(candidate), nor functions or cases of unittest that test it"
    # A solution that is no Python is told by the preflight, with what its execution says.
    if not may_define(record.whole, record.entry_point):
        yield "entry_point", f"{record.entry_point!r} is defined neither by prompt nor by solution"


SHAPE = Shape(
    lambda fields: "test" in fields,
    HumanEvalRecord,
    to_problem,
    faults,
    reference_field="canonical_solution",
    tests_field=lambda _record: "test",
)
