"""Imports from files that an answer shows itself: nobody writes these files, but their code is at hand."""

import ast
import sys
from collections import Counter

from evalsite.languages.python.code import bound_names

_PACKAGES = frozenset(
    {"hypothesis", "matplotlib", "more_itertools", "networkx", "numpy", "pandas", "pytest", "requests"}
    | {"scipy", "sklearn", "sortedcontainers", "sympy", "tensorflow", "torch"}
)
"""Packages that are known by their names, and may be installed where a program runs."""

_Import = ast.Import | ast.ImportFrom


def defined_names(tree: ast.Module) -> set[str]:
    """Return the names that a module binds at its top level by more than an import."""
    return bound_names(tree.body, imports=False)


def own_imports(tree: ast.Module) -> list[_Import]:
    """Return the imports, wherever they stand, of modules that are neither standard nor a known package."""
    return [node for node in ast.walk(tree) if isinstance(node, _Import) and _is_own(node)]


def without_own_imports(source: str, tree: ast.Module, shown: frozenset[str]) -> str:
    """Let names stand for themselves that are imported from a file, if the answer shows all of them.

    A module that is imported whole becomes a namespace of what is read of it; where more is done with it, it
    stays as it is.
    """
    lines = source.encode().split(b"\n")
    given = _Given(tree, shown - defined_names(tree))
    for node in sorted(own_imports(tree), key=lambda each: (each.lineno, each.col_offset), reverse=True):
        if (statement := given.instead_of(node)) is None:
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        text = lines[first][: node.col_offset] + statement.encode() + lines[last][node.end_col_offset :]
        lines[first : last + 1] = [text]
    return b"\n".join(lines).decode()


def _is_own(node: _Import) -> bool:
    if isinstance(node, ast.ImportFrom) and node.level:
        return True
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    tops = {name.partition(".")[0] for name in modules}
    return not tops & sys.stdlib_module_names and not tops & _PACKAGES


class _Given:
    """What stands for imports, given the names that the answer shows and what a module does with them."""

    def __init__(self, tree: ast.Module, shown: frozenset[str]) -> None:
        self._shown = shown
        self._mentions: Counter[str] = Counter()
        """How often each name stands for more than a part of it that is read."""
        self._parts: dict[str, set[str]] = {}
        for each in ast.walk(tree):
            if isinstance(each, ast.Name):
                self._mentions[each.id] += 1
            elif (
                isinstance(each, ast.Attribute)
                and isinstance(each.ctx, ast.Load)
                and isinstance(each.value, ast.Name)
            ):
                self._mentions[each.value.id] -= 1
                self._parts.setdefault(each.value.id, set()).add(each.attr)

    def instead_of(self, node: _Import) -> str | None:
        """Return the statement that stands for an import, None for one that has to stay."""
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return "pass" if self._shown & self._mentions.keys() else None
        found = [
            "" if isinstance(node, ast.ImportFrom) and alias.name in self._shown else self._namespace(alias)
            for alias in node.names
        ]
        if None in found:
            return None
        statements = [
            statement or f"{alias.asname} = {alias.name}"
            for alias, statement in zip(node.names, found, strict=True)
            if statement or alias.asname not in (None, alias.name)
        ]
        return "; ".join(statements) or "pass"

    def _namespace(self, alias: ast.alias) -> str | None:
        name = alias.asname or alias.name
        parts = self._parts.get(name, set())
        if not parts or not parts <= self._shown or self._mentions[name]:
            return None
        given = ", ".join(f"{part}={part}" for part in sorted(parts))
        return f'{name} = __import__("types").SimpleNamespace({given})'
