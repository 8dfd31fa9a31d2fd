"""The tests themselves: none that cannot fail, and none that looks at nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FILES = sorted((ROOT / "tests").rglob("*.py"))
CHECKS = {"raises", "fail", "warns", "expect", "wait_for_url"}
"""Calls that can fail a test, by the last part of their name."""
FULL = {"range", "get_args", "product", "count"}
"""Calls that give something for the arguments that tests hand them."""


def name_of(node: ast.expr) -> str:
    """The last part of a name: ``raises`` of ``pytest.raises``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Everything that is defined in a file of tests."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def checks_in(function: ast.AST, helpers: set[str]) -> Iterator[ast.AST]:
    """What can fail in a function: assertions, and calls of what asserts."""
    for node in ast.walk(function):
        called = name_of(node.func) if isinstance(node, ast.Call) else ""
        if (
            isinstance(node, ast.Assert)
            or called in CHECKS
            or called.startswith("assert_")
            or called in helpers
        ):
            yield node


def asserting() -> set[str]:
    """Names of functions of the tests that can fail by themselves, or by others that they call."""
    found: set[str] = set()
    every = [function for path in FILES for function in functions(path)]
    while True:
        more = {one.name for one in every if any(checks_in(one, found))} - found
        if not more:
            return found
        found |= more


HELPERS = {name for name in asserting() if not name.startswith("test_")}


def is_full(iterable: ast.expr, said: str) -> bool:
    """Whether a collection is known to hold something: written down, or in ``said``, all assertions."""
    if isinstance(iterable, ast.Tuple | ast.List | ast.Set | ast.Dict):
        return True
    if isinstance(iterable, ast.BinOp):
        return is_full(iterable.left, said) or is_full(iterable.right, said)
    if name_of(iterable).isupper():
        return True  # a constant, to be read above
    if isinstance(iterable, ast.Call):
        if name_of(iterable.func) in FULL:
            return True
        inner = [*iterable.args, *([iterable.func.value] if isinstance(iterable.func, ast.Attribute) else [])]
        return any(is_full(each, said) for each in inner)
    return ast.unparse(iterable) in said


def blind(test: ast.AST) -> bool:
    """Whether all that can fail stands in loops that may run over nothing."""
    every = list(checks_in(test, HELPERS))
    said = "\n".join(ast.unparse(node) for node in every)
    inside: set[ast.AST] = set()
    for loop in ast.walk(test):
        if isinstance(loop, ast.For) and not is_full(loop.iter, said):
            inside |= {check for statement in loop.body for check in checks_in(statement, HELPERS)}
    return bool(every) and inside.issuperset(every)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_test_can_fail(path: Path) -> None:
    """It asserts something, expects an error, or calls what does."""
    tests = [one for one in functions(path) if one.name.startswith("test_")]
    silent = [one.name for one in tests if not any(checks_in(one, HELPERS))]
    assert silent == []
    assert [one.name for one in tests if blind(one)] == [], "loops over what may be nothing"


@pytest.mark.parametrize(
    ("source", "can_fail", "looks_at_nothing"),
    [
        ("def test_x(): f()", False, False),
        ("def test_x(): assert f()", True, False),
        ("def test_x():\n with pytest.raises(E): f()", True, False),
        ("def test_x():\n for a in f(): assert a", True, True),
        ("def test_x():\n for a in (1, 2): assert a", True, False),
        ("def test_x():\n for a in things: assert a", True, True),
        ("def test_x():\n assert things\n for a in things: assert a", True, False),
    ],
)
def test_the_check_itself(source: str, can_fail: bool, looks_at_nothing: bool) -> None:
    """Small tests of which it is plain whether they can fail."""
    test = ast.parse(source)
    assert any(checks_in(test, HELPERS)) == can_fail
    assert blind(test) == looks_at_nothing
