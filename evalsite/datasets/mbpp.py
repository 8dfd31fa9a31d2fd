"""MBPP's record shapes (Austin et al. 2021, arXiv 2108.07732): full, sanitized, and MBPP+."""

import ast
from collections.abc import Iterator, Mapping

import msgspec

from evalsite.datasets.base import Entry, Shape, name_of
from evalsite.datasets.python_tests import not_python
from evalsite.languages.python.code import parse
from evalsite.languages.reading import UnreadableError
from evalsite.rundir.schema import Problem


class MbppRecord(msgspec.Struct):
    """One task. The full set names its prose ``text``, the sanitized one and MBPP+ ``prompt``."""

    task_id: int | float | str
    """Others write ``Mbpp/17`` (EvalPlus) or 17.0 (tables)."""
    code: str
    test_list: list[str] | str
    """Some keep the list as text: as JSON, or a test a line."""
    text: str | None = None
    prompt: str | None = None
    test_setup_code: str | None = None
    test_imports: list[str] | None = None
    test: str | None = None
    """MBPP+ only: a whole test program, which counts instead of ``test_list``."""

    def __post_init__(self) -> None:
        if not (self.text or self.prompt):
            raise ValueError("neither `text` nor `prompt` is there")
        self.task_id = name_of(self.task_id)

    @property
    def name(self) -> str:
        """``MBPP/17``; a name of one's own stays."""
        prefix, _, number = str(self.task_id).rpartition("/")
        return (
            f"MBPP/{number}"
            if prefix.casefold() in ("", "mbpp") and number.isdecimal()
            else str(self.task_id)
        )

    @property
    def tests(self) -> tuple[str, ...]:
        """Those of ``test_list``, each with plain line ends."""
        found = self.test_list
        if isinstance(found, str):
            try:
                found = msgspec.json.decode(found, type=list[str])
            except msgspec.DecodeError:
                found = [str(self.test_list).strip()]
        return tuple(test.replace("\r\n", "\n") for test in found)


def to_problem(record: MbppRecord) -> Problem:
    """Tests come after the program: tasks 367 and 927 set up objects of a class that the program defines."""
    shown = record.tests
    tests = record.test or "\n".join((*(record.test_imports or ()), record.test_setup_code or "", *shown))
    reference = record.code.replace("\r\n", "\n")
    return Problem(
        task_id=record.name,
        prompt=(record.text or record.prompt or "").replace("\r\n", "\n"),
        kind="text",
        entry_point=_entry_point(reference, shown),
        tests=tests.replace("\r\n", "\n").strip("\n") + "\n",
        reference=reference,
        shown_tests=shown,
    )


def faults(record: MbppRecord) -> Iterator[tuple[str, str]]:
    """Tests, and what they need, that are no Python."""
    tests = [("test", record.test)] if record.test else [("test_list", test) for test in record.tests]
    setup = [
        ("test_imports", "\n".join(record.test_imports or ())),
        ("test_setup_code", record.test_setup_code or ""),
    ]
    for field, source in (*setup, *tests):
        if wrong := not_python(source.replace("\r\n", "\n")):
            yield field, wrong


def _fits(fields: Mapping[str, msgspec.Raw]) -> bool:
    """Whether a record has what MBPP's have, or a number for a name and nothing that HumanEval's have."""
    if {"code", "test_list"} <= fields.keys():
        return True
    others = {"entry_point", "canonical_solution"} if fields.keys() & {"code", "test_list"} else _NOT_OURS
    return bytes(fields.get("task_id", b"")).strip().isdigit() and not fields.keys() & others


_NOT_OURS = frozenset({"entry_point", "canonical_solution", "test"})

SHAPE = Shape(
    _fits,
    MbppRecord,
    to_problem,
    faults,
    reference_field="code",
    tests_field=lambda record: "test" if record.test else "test_list",
)


def in_test_split(entry: Entry) -> bool:
    """Whether a task is one of the 500 of MBPP's test split: ids 11 to 510."""
    number = entry.problem.task_id.removeprefix("MBPP/")
    return number.isdecimal() and int(number) in range(11, 511)


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
