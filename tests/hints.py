"""What errors tell people to do next, as it stands in the source: each text with where it is."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

UNKNOWN = "1"
"""Stands for what is known when the program runs: a path, a number, a name."""
_COMMANDS = {"command", "as_command", "as_typed"}
_ASKING = {"asking": 1}
"""Functions that make an error themselves -> at which place they take its hint."""
_MOST_DEPTH = 8


@dataclass(frozen=True)
class Hint:
    """One text of one error."""

    place: str
    """File, below the package, and line."""
    text: str


def hints(package: Path) -> Iterator[Hint]:
    """Yield each text that an error's ``hint`` can have, as far as the source tells."""
    modules = {path: ast.parse(path.read_text("utf-8")) for path in sorted(package.rglob("*.py"))}
    reader = _Reader(modules)
    for path, module in modules.items():
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            for given in _given(call):
                for text in reader.texts(path, given):
                    yield Hint(f"{path.relative_to(package)}:{given.lineno}", text)


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """What a call takes as a hint."""
    yield from (each.value for each in call.keywords if each.arg == "hint")
    if isinstance(call.func, ast.Name) and call.func.id in _ASKING:
        yield from call.args[_ASKING[call.func.id] :]


class _Reader:
    """Puts expressions into words: constants by their name, whatever else as :data:`UNKNOWN`."""

    def __init__(self, modules: dict[Path, ast.Module]) -> None:
        self._known: dict[tuple[Path | None, str], ast.expr] = {}
        for path, module in modules.items():
            for node in (each for each in module.body if isinstance(each, ast.Assign | ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in (each for each in targets if isinstance(each, ast.Name) and node.value):
                    self._known[path, target.id] = node.value
                    self._known.setdefault((None, target.id), node.value)

    def texts(self, path: Path, node: ast.expr, depth: int = 0) -> list[str]:
        """Every text that an expression may be."""
        if depth > _MOST_DEPTH:
            return [UNKNOWN]
        match node:
            case ast.Constant(value):
                return [str(value)]
            case ast.JoinedStr(values):
                return self._joined(path, values, "", depth)
            case ast.FormattedValue(value) | ast.Starred(value):
                return self.texts(path, value, depth + 1)
            case ast.BinOp(left, ast.Add(), right):
                return self._joined(path, [left, right], "", depth)
            case ast.IfExp(_, body, orelse):
                return [*self.texts(path, body, depth + 1), *self.texts(path, orelse, depth + 1)]
            case ast.Tuple(elements):
                return self._joined(path, elements, " ", depth)
            case ast.Call(ast.Name(name), words) if name in _COMMANDS:
                return [f"evalsite {each}" for each in self._joined(path, words, " ", depth)]
            case ast.Name(name) if name.lstrip("_").isupper():
                value = self._known.get((path, name)) or self._known.get((None, name))
                return self.texts(path, value, depth + 1) if value else [UNKNOWN]
        return [UNKNOWN]

    def _joined(self, path: Path, nodes: list[ast.expr], between: str, depth: int) -> list[str]:
        parts = [self.texts(path, each, depth + 1) for each in nodes]
        return [between.join(chosen) for chosen in product(*parts)]
