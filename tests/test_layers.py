"""The house stands as ``docs/architecture.md`` draws it: imports run strictly to lower layers."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scripts.draw_house import PAGE, cycles, modules, redrawn, rooms
from tests.reading_tests import name_of

PACKAGE = Path(__file__).parent.parent / "evalsite"

LAYERS = {
    "errors": -1, "assets": 0, "events": 0, "machine": 0, "words": 0, "__init__": 0,
    "rundir": 1,
    "languages": 2, "calls": 2, "edits": 2, "client": 2, "counts": 2,
    "agents": 3, "distance": 3,
    "datasets": 4, "kinds": 4, "stats": 4,
    "extraction": 5, "grading": 5, "formats": 5, "report": 5,
    "symptoms": 6, "site": 6, "replay": 6, "forcing": 6,
    "runner": 7, "publish": 7, "sweep": 7, "api": 8, "cli": 9, "__main__": 10,
}  # fmt: skip
"""Package or module -> its height."""

LAYERS_OF_SITE = {
    "options": 0, "slugs": 0, "urls": 1, "code": 0, "charts": 0,
    "evidence": 2, "subjects": 3, "addresses": 4, "views": 4, "exports": 4, "cards": 5, "output": 5,
    "parts": 6, "build": 7,
}  # fmt: skip
"""Room or module of the site -> its height: the way of what is known to a page."""

PRODUCING = {
    "datasets",
    "client",
    "extraction",
    "grading",
    "runner",
    "replay",
    "formats",
    "sweep",
    "symptoms",
    "forcing",
}
"""What makes runs. Kinds and languages are both wings' own: they say what a problem is, asked or shown."""


SPEAKING = ("print", "click.echo", "sys.exit", "exit")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """What a file's source tells of it."""

    imports: frozenset[str]
    """Names directly below ``evalsite``."""
    speaks: frozenset[str]
    """Calls of what prints or ends the program."""
    functions: tuple[tuple[str, int, int], ...]
    """Name, lines and arguments of each."""
    lines: int
    defines: bool
    """Whether functions or classes stand at its top."""


@cache
def read(path: Path) -> Module:
    """Parse a file once for all that is asked of it."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    called = (node.func for node in nodes if isinstance(node, ast.Call))
    return Module(
        imports=frozenset().union(*(imported(node, path) for node in nodes)) - {"__version__"},
        speaks=frozenset(
            name for func in called if name_of(func) in ("print", "echo", "exit")
            if (name := ast.unparse(func)) in SPEAKING
        ),
        functions=tuple(
            (node.name, node.end_lineno - node.lineno, len(arguments(node)))
            for node in nodes if isinstance(node, Function)
        ),
        lines=text.count("\n"),
        defines=any(isinstance(node, Function | ast.ClassDef) for node in tree.body),
    )  # fmt: skip


def imported(node: ast.AST, path: Path) -> set[str]:
    """The names directly below ``evalsite`` that a node imports."""
    match node:
        case ast.ImportFrom(module="evalsite"):
            names = [f"evalsite.{alias.name}" for alias in node.names]
        case ast.ImportFrom():
            names = [node.module or ""]
        case ast.Import():
            names = [alias.name for alias in node.names]
        case _:
            return set()
    assert not getattr(node, "level", 0), f"{path}: relative import"
    return {name.split(".")[1] for name in names if name.startswith("evalsite.")}


def arguments(function: Function) -> list[str]:
    """Their names, but for the object's own."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(PACKAGE.rglob("*.py"))
assert len(FILES) > 200


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path):
    """A module imports only from lower layers, or from its own package."""
    room = room_of(path)
    lower = {each for each in LAYERS if LAYERS[each] < LAYERS[room]}
    assert read(path).imports - {room} <= lower


def test_imports_of_the_site_run_downwards():
    """As those of the house: from what is known over what a page is about and says to what is written."""
    found = rooms("site")
    assert found.keys() == LAYERS_OF_SITE.keys()
    rising = {
        (room, other)
        for room, others in found.items()
        for other in others
        if LAYERS_OF_SITE[other] >= LAYERS_OF_SITE[room]
    }
    assert ("build", "parts") not in rising
    assert sorted(rising) == []


def test_the_wings_meet_only_at_the_run_directory():
    """The site never learns how a run was made; the producing side never learns how it is shown."""
    rooms_of_site = set().union(*(read(path).imports for path in FILES if room_of(path) == "site"))
    assert "stats" in rooms_of_site
    assert rooms_of_site.isdisjoint(PRODUCING)
    assert "site" not in set().union(*(read(path).imports for path in FILES if room_of(path) in PRODUCING))


def test_only_the_command_line_prints_or_exits():
    """``print``, ``click.echo`` and ``sys.exit`` stay in cli/ and in what runs inside the sandbox."""
    speaking = {room_of(path) for path in FILES if "inside" not in path.parts and read(path).speaks}
    assert speaking == {"cli"}


def test_nothing_imports_in_a_circle():
    """Neither modules nor rooms: each can be read after what it stands on."""
    assert len(modules()) > 100
    assert cycles(modules()) == []
    assert cycles(rooms()) == []
    assert cycles(rooms("site")) == []


def test_a_circle_is_found():
    """The three that reach each other, and nobody else."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"b"}, "e": {"a"}}
    assert cycles({name: frozenset(others) for name, others in graph.items()}) == [("b", "c", "d")]


def test_the_drawing_is_true():
    """If this fails, run scripts/draw_house.py."""
    page = PAGE.read_text("utf-8")
    assert redrawn(page) == page


MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_ARGUMENTS = 400, 60, 7


BESIDE = sorted(path for folder in ("bench", "scripts") for path in (PACKAGE.parent / folder).glob("*.py"))


@pytest.mark.parametrize("path", [*FILES, *BESIDE], ids=lambda path: str(path.relative_to(PACKAGE.parent)))
def test_nothing_is_too_large_to_read(path):
    """Modules, functions and lists of arguments keep to their limits."""
    module = read(path)
    assert module.lines <= MOST_LINES
    too_long = [name for name, lines, _ in module.functions if lines >= MOST_LINES_OF_A_FUNCTION]
    too_many = [name for name, _, taken in module.functions if taken > MOST_ARGUMENTS]
    assert (too_long, too_many) == ([], [])


TESTS = PACKAGE.parent / "tests"


def own_file(module):
    """Where the tests of a module of evalsite are looked for: in the same folder, by its name."""
    named = module.parent.name if module.name == "__init__.py" else module.stem
    return TESTS / module.parent.relative_to(PACKAGE) / f"test_{named}.py"


def test_each_module_has_its_file_of_tests():
    """Or tests/elsewhere.txt says where its tests are. A module that defines nothing needs none."""
    lines = (TESTS / "elsewhere.txt").read_text("utf-8").splitlines()[1:]
    rows = [line.split(" | ") for line in lines]
    assert rows == sorted(rows)
    elsewhere = {PACKAGE / module: TESTS / tests for module, tests, _why in rows}
    doing = {path for path in FILES if read(path).defines}
    without = {module for module in doing if not own_file(module).is_file()}
    assert sorted(without - set(elsewhere)) == [], "neither a file of tests nor a line in tests/elsewhere.txt"
    assert sorted(set(elsewhere) - without) == [], (
        "in tests/elsewhere.txt, and gone or with a file of its own"
    )
    assert [tests for tests in elsewhere.values() if not tests.is_file()] == []
