"""MBPP's record shapes (Austin et al. 2021, arXiv 2108.07732): full, sanitized, and MBPP+."""

import ast
from collections.abc import Iterator

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.python_tests import not_python
from evalsite.languages.python.code import parse
from evalsite.languages.reading import UnreadableError
from evalsite.rundir.schema import Problem


class MbppRecord(msgspec.Struct):
    """One task. The full set names its prose ``text``, the sanitized one and MBPP+ ``prompt``."""

    task_id: int
    code: str
    test_list: list[str]
    text: str = ""
    prompt: str = ""
    test_setup_code: str = ""
    test_imports: list[str] = []
    test: str = ""
    """MBPP+ only: a whole test program, which counts instead of ``test_list``."""

    def __post_init__(self) -> None:
        if not (self.text or self.prompt):
            raise ValueError("neither `text` nor `prompt` is there")


def to_problem(record: MbppRecord) -> Problem:
    """Tests come after the program: tasks 367 and 927 set up objects of a class that the program defines."""
    shown = tuple(test.replace("\r\n", "\n") for test in record.test_list)
    tests = record.test or "\n".join((*record.test_imports, record.test_setup_code, *shown))
    reference = record.code.replace("\r\n", "\n")
    return Problem(
        task_id=f"MBPP/{record.task_id}",
        prompt=(record.text or record.prompt).replace("\r\n", "\n"),
        kind="text",
        entry_point=_entry_point(reference, shown),
        tests=tests.replace("\r\n", "\n").strip("\n") + "\n",
        reference=reference,
        shown_tests=shown,
    )


def faults(record: MbppRecord) -> Iterator[tuple[str, str]]:
    """Tests, and what they need, that are no Python."""
    tests = [("test", record.test)] if record.test else [("test_list", test) for test in record.test_list]
    setup = [("test_imports", "\n".join(record.test_imports)), ("test_setup_code", record.test_setup_code)]
    for field, source in (*setup, *tests):
        if wrong := not_python(source.replace("\r\n", "\n")):
            yield field, wrong


SHAPE = Shape(
    lambda fields: bytes(fields.get("task_id", b"")).strip().isdigit(),
    MbppRecord,
    to_problem,
    faults,
    reference_field="code",
    tests_field=lambda record: "test" if record.test else "test_list",
)


def in_test_split(problem: Problem) -> bool:
    """Whether a task is one of the 500 of MBPP's test split: ids 11 to 510."""
    return int(problem.task_id.removeprefix("MBPP/")) in range(11, 511)


def _entry_point(reference: str, tests: tuple[str, ...]) -> str:
    """Return the function of the reference solution that the tests call, or an empty string."""
    defined = {
        node.name for node in _walk(reference) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for test in tests:
        for node in _walk(test):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in defined:
                return node.func.id
    return ""


def _walk(source: str) -> list[ast.AST]:
    try:
        tree = parse(source)
    except UnreadableError:
        return []
    return [] if tree is None else list(ast.walk(tree))
