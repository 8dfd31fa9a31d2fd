"""Draws the house in ``docs/architecture.md`` from the code: its rooms, floor by floor, and who imports whom.

Run it after adding a room, or an import between rooms: ``.venv/bin/python scripts/draw_house.py``.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "evalsite"
PAGE = ROOT / "docs" / "architecture.md"
BEGINS, ENDS = "<!-- drawn by scripts/draw_house.py -->\n", "<!-- end of the drawing -->\n"
BEGINS_OF_SITE = "<!-- site/, drawn by scripts/draw_house.py -->\n"

Graph = Mapping[str, frozenset[str]]
"""A module or room -> those that it imports."""


@cache
def modules() -> Graph:
    """Every module of the package, by its dotted name below ``evalsite``, and the modules that it imports.

    An import for the type checker alone does not count, one inside a function does.
    """
    paths = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {name: frozenset(_imported(path, set(paths)) - {name}) for name, path in paths.items()}


def rooms(of: str = "") -> Graph:
    """Every package and module directly below ``evalsite``, or directly below one of its rooms."""
    found: dict[str, set[str]] = {}
    for name, imported in modules().items():
        if within(name, of):
            here = found.setdefault(room_of(name, of), set())
            here.update(room_of(other, of) for other in imported if within(other, of))
    return {room: frozenset(others - {room}) for room, others in found.items()}


def room_of(module: str, of: str = "") -> str:
    """The room of a module: ``stats`` for ``stats.compare.paired``, and ``compare`` of those of ``stats``."""
    return module.removeprefix(f"{of}.").partition(".")[0]


def within(module: str, of: str) -> bool:
    """Whether a module stands in a room, which is no room of its own."""
    return not of or module.startswith(f"{of}.")


def cycles(graph: Graph) -> list[tuple[str, ...]]:
    """The groups of nodes that reach each other, of two or more (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        waiting.append(node)
        for other in sorted(graph[node]):
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in waiting:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            group = waiting[waiting.index(node) :]
            del waiting[waiting.index(node) :]
            if len(group) > 1:
                found.append(tuple(sorted(group)))

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def floors(graph: Graph) -> list[list[str]]:
    """The rooms, lowest first: each stands one floor above the highest that it imports."""

    @cache
    def floor(room: str) -> int:
        return max((floor(other) + 1 for other in graph[room]), default=0)

    numbers = {room: floor(room) for room in graph}
    return [sorted(room for room in graph if numbers[room] == n) for n in range(max(numbers.values()) + 1)]


def drawing(of: str = "") -> str:
    """The drawing of the house or a room, as Markdown: a floor a block, a room a line and whom it imports."""
    graph = {room: others for room, others in rooms(of).items() if room not in {"__init__", "__main__"}}
    graph = {room: others & graph.keys() for room, others in graph.items()}
    where = PACKAGE / of
    lines = ["```text"]
    for number, floor in reversed(list(enumerate(floors(graph)))):
        for place, room in enumerate(floor):
            head = f"{number}" if place == 0 else " "
            below = ", ".join(sorted(graph[room])) or "nothing"
            lines += [f"{head}  {_label(where / room):<13} {_purpose(where / room)}", f"{'':17}<- {below}"]
    return "\n".join([*lines, "```", ""])


def _label(room: Path) -> str:
    return f"{room.name}/" if room.is_dir() else f"{room.name}.py"


def _purpose(room: Path) -> str:
    path = room / "__init__.py" if room.is_dir() else room.with_suffix(".py")
    told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return told.partition("\n")[0]


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _imported(path: Path, known: set[str]) -> set[str]:
    found: set[str] = set()
    for node in _nodes(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "evalsite":
            base = (node.module or "").removeprefix("evalsite").removeprefix(".")
            names = [f"{base}.{alias.name}".removeprefix(".") for alias in node.names]
            found.update(name if name in known else base for name in names)
        elif isinstance(node, ast.Import):
            found.update(alias.name.removeprefix("evalsite.") for alias in node.names)
    return found & known


def _nodes(tree: ast.AST) -> Iterable[ast.AST]:
    """Every statement but those of ``if TYPE_CHECKING:``; expressions import nothing."""
    left = [tree]
    while left:
        for node in ast.iter_child_nodes(left.pop()):
            if isinstance(node, ast.expr) or (isinstance(node, ast.If) and _is_for_types(node.test)):
                continue
            yield node
            left.append(node)


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def redrawn(page: str) -> str:
    """The page with its drawings made anew."""
    for begins, of in {BEGINS: "", BEGINS_OF_SITE: "site"}.items():
        before, rest = page.split(begins)
        page = before + begins + drawing(of) + ENDS + rest.split(ENDS, 1)[1]
    return page


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text("utf-8")), "utf-8")
    print(PAGE.relative_to(ROOT))
