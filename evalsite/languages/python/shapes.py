"""What of a Python program stays when it is formatted in another way, and its own names are others."""

import ast
from dataclasses import dataclass, field

_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def shape_of(tree: ast.Module) -> str:
    """Return a text that two programs share exactly where they differ in formatting, comments, docstrings,
    annotations and names of their own alone.

    Names that a program binds anywhere are numbered by where they come first; builtins, attributes and what
    it imports keep theirs.
    """
    teller = _Teller({name for node in ast.walk(tree) for name in _bound(node)})
    teller.tell(tree)
    return " ".join(teller.parts)


def _bound(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return (node.id,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return (node.name,)
    return ()


_UNTOLD = frozenset({"annotation", "returns", "type_comment", "kind", "ctx", "simple"})
"""Fields of nodes that are annotations, or follow from the rest."""


@dataclass
class _Teller:
    """Writes down what stands in a tree, in order."""

    own: set[str]
    numbers: dict[str, int] = field(default_factory=dict)
    """Name of the program's own -> its number, given when it is met."""
    parts: list[str] = field(default_factory=list)

    def tell(self, node: ast.AST) -> None:
        """Add a node with all that stands below it."""
        self.parts.append(type(node).__name__)
        for name, value in ast.iter_fields(node):
            if name in _UNTOLD:
                continue
            if name == "body" and isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
                value = value[1:]
            self._value(value, named=name not in ("value", "attr") and not isinstance(node, ast.alias))

    def _value(self, value: object, *, named: bool) -> None:
        if isinstance(value, list):
            self.parts.append("[")
            for each in value:
                self._value(each, named=named)
            self.parts.append("]")
        elif isinstance(value, ast.AST):
            self.tell(value)
        elif named and isinstance(value, str) and value in self.own:
            self.parts.append(f"#{self.numbers.setdefault(value, len(self.numbers))}")
        else:
            self.parts.append(repr(value))
