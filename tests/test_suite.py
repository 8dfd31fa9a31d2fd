"""The tests themselves: none that cannot fail, and none that looks at nothing."""

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.reading_tests import Function, Reading, functions, statements, tree_of

FILES = sorted(
    path for path in (ROOT / "tests").rglob("*.py") if path.parts[-3:-2] not in (("attacks",), ("honest",))
)
assert len(FILES) > 100


@cache
def imported(path: Path) -> set[Path]:
    """The files of tests that one imports from, and the fixtures above it."""
    found = {folder / "conftest.py" for folder in path.parents if folder.is_relative_to(ROOT / "tests")}
    for node in statements(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
            folder = ROOT.joinpath(*node.module.split("."))
            found |= {folder.with_suffix(".py"), *(folder / f"{each.name}.py" for each in node.names)}
    return found.intersection(FILES)


@cache
def seen_from(path: Path) -> set[Path]:
    """The files whose functions a file of tests can call, whoever imports them for it."""
    found, new = {path}, {path}
    while new:
        new = set().union(*map(imported, new)) - found
        found |= new
    return found


@cache
def failing() -> dict[Path, set[str]]:
    """File -> functions that can fail by themselves, or by others that they call."""
    found: dict[Path, set[str]] = {path: set() for path in FILES}
    known: dict[Path, set[str]] = {}
    while new := [path for path in FILES if helpers_of(path, found) != known.get(path)]:
        for path in new:
            known[path] = helpers_of(path, found)
            for one in functions(tree_of(path)):
                read = Reading(one, known[path], tree_of(path))
                found[path] |= {one.name} if read.can_fail else set()
                found[path] |= {f"{one.name}()"} if read.returns_something else set()
    return found


def helpers_of(path: Path, found: dict[Path, set[str]]) -> set[str]:
    """Functions that can fail, and that a file of tests can call."""
    return {name for each in seen_from(path) for name in found[each] if not name.startswith("test_")}


def own_tests(path: Path) -> list[Function]:
    """What a file calls a test."""
    return [one for one in functions(tree_of(path)) if one.name.startswith("test_")]


def test_every_test_is_found() -> None:
    """Each name once, at the top of a file that is named test_*.py: that is where pytest looks."""
    lost = []
    for path in FILES:
        found = {
            one.name for one in tree_of(path).body if path.name.startswith("test_") and one in own_tests(path)
        }
        lost += [path] * (len(found) != len(own_tests(path)))
    assert not lost, lost


def test_every_test_can_fail() -> None:
    """It asserts something, expects an error, or calls what does, whatever the program gives."""
    silent, blind = [], []
    for path in FILES:
        helpers = helpers_of(path, failing())
        for one in own_tests(path):
            read = Reading(one, helpers, tree_of(path))
            silent += [] if read.can_fail else [f"{path}:{one.lineno} {one.name}"]
            blind += [f"{path}:{line} {one.name}" for line in read.blind]
    assert not silent, f"no assertion that can fail for certain: {silent}"
    assert not blind, f"loops over what may be nothing, assert before that there is something: {blind}"


@pytest.mark.parametrize(
    ("source", "can_fail", "blind"),
    [
        ("f()", False, False),
        ("assert f()", True, False),
        ("with pytest.raises(E): f()", True, False),
        ("with pytest.raises(E): pass", False, False),
        ("for a in f(): assert a", False, True),
        ("for a in (1, 2): assert a", True, False),
        ("for a in (): assert a", False, True),
        ("for a in (1,) if f() else (1, 2): assert a", True, False),
        ("for a in (1,) if f() else (): assert a", False, True),
        ("for a in things: assert a", False, True),
        ("assert things\nfor a in things: assert a", True, False),
        ("assert more_things\nfor a in things: assert a", True, True),
        ("assert not things\nfor a in things: assert a", True, True),
        ("assert things == []\nfor a in things: assert a", True, True),
        ("assert len(things) == 3\nfor a in things: assert a", True, False),
        ("assert len(things) >= 0\nfor a in things: assert a", False, True),
        ("for a in things: assert a in things", False, True),
        ("things = [1]\nfor a in things: assert a", True, False),
        ("things = f()\nfor a in things: assert a", False, True),
        ("things = {1: [2], 3: [4]}\nfor a in things[f()]: assert a", True, False),
        ("things = {1: [2], 3: g()}\nfor a in things[f()]: assert a", False, True),
        ("for a in {1, 2} - f(): assert a", False, True),
        ("for a, b in zip((1, 2), f()): assert a", False, True),
        ("for a, b in zip((1, 2), f(), strict=True): assert a", True, False),
        ("for a in range(3): assert f(a)", True, False),
        ("for a in filter(f, (1, 2)): assert a", False, True),
        ("for a in [b for b in (1, 2) if f(b)]: assert a", False, True),
        ("n = 0\nfor a in f():\n n += 1\n assert a\nassert n", True, False),
        ("while f(): assert g()", False, False),
        ("assert all(a for a in f())", False, True),
        ("assert all(a for a in (1, 2))", True, False),
        ("assert not any(a for a in f())", False, False),
        ("assert [a for a in f() if a] == []", False, False),
        ("assert [a for a in f()] == [1]", True, False),
        ("assert True", False, False),
        ("assert (f(), 'as a tuple, it is always true')", False, False),
        ("assert f() or True", False, False),
        ("assert 'f() == 1'", False, False),
        ("assert a == a", False, False),
        ("assert a == a or f()", False, False),
        ("def inner(): return f()\nassert inner", False, False),
        ("def inner(): assert f()", False, False),
        ("def inner(): assert f()\ninner()", True, False),
        ("if f(): assert g()", False, False),
        ("if f(): assert g()\nelse: assert h()", True, False),
        ("return\nassert f()", False, False),
        ("try: assert f()\nexcept AssertionError: pass", False, False),
        ("try: assert f()\nexcept Exception as exc: pass", False, False),
        ("try: assert f()\nexcept KeyError: pass", True, False),
        ("try: f()\nfinally: assert g()", True, False),
        ("with suppress(Exception): assert f()", False, False),
        ("with suppress(OSError): assert f()", True, False),
        ("check(f())", True, False),
        ("run(f())", False, False),
    ],
)
def test_the_check_itself(source: str, can_fail: bool, blind: bool) -> None:
    """Small tests of which it is plain whether they can fail for certain, and may look at nothing."""
    body = "\n".join(f" {line}" for line in source.splitlines())
    file = ast.parse(f"def test_x():\n{body}")
    read = Reading(functions(file)[0], {"check"}, file)
    assert (read.can_fail, bool(read.blind)) == (can_fail, blind)


def test_what_is_left_out_for_the_time_it_takes_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make quick` leaves out functions by name, as many as take the most."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    list_slow = importlib.import_module("list_slow")
    named = list_slow.SLOW.read_text(encoding="utf-8").splitlines()[2:]
    assert len(named) > 100
    there = {
        f"{path.relative_to(ROOT / 'tests').with_suffix('').as_posix()}::{function.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for function in functions(tree_of(path))
    }
    assert [name for name in named if name not in there] == []
    cases = (("a", "test_x[1]", 1), ("a", "test_x[2]", 1), ("b.c", "test_y@b/c", 7.9), ("b.c", "test_z", 0.1))
    rows = "".join(
        f'<testcase classname="tests.{file}" name="{name}" time="{s}"/>' for file, name, s in cases
    )
    (tmp_path / "times.xml").write_text(f"<testsuite>{rows}</testsuite>")
    taken = list_slow.seconds(tmp_path / "times.xml")
    assert taken == {"a::test_x": 2, "b/c::test_y": 7.9, "b/c::test_z": 0.1}
    assert list_slow.slow(taken) == ["a::test_x", "b/c::test_y"]


def test_faults_are_put_into_modules_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make mutants` names modules, files of tests and packages in words, which nothing else reads."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    mutants = importlib.import_module("mutants")
    named = [f"{room}/{name}" for room, names in mutants.ROOMS.items() for name in names.split()]
    assert len(named) > 30
    assert [name for name in named if not (ROOT / "evalsite" / f"{name}.py").is_file()] == []
    tests = [path for paths in mutants.TESTS.values() for path in paths]
    assert [path for path in tests if not (ROOT / "tests" / path).exists()] == []
    for package in mutants.NEEDED.split():
        importlib.import_module(package)
    listed = (ROOT / "scripts/mutants.txt").read_text("utf-8").splitlines()
    of = {line.partition(":")[0] for line in listed if " | " in line}
    assert of <= set(named), of - set(named)
