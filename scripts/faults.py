"""The small faults that ``scripts/mutants.py`` puts into code: what they are, and where they can be put."""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

SYMMETRIC = ("min", "max", "math.gcd", "np.minimum", "np.maximum")
"""Functions whose arguments may be swapped."""
OPPOSITES = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, Add Sub, BitAnd BitOr, And Or"
PAIRS = [tuple(getattr(ast, name) for name in pair.split()) for pair in OPPOSITES.split(", ")]
SWAPPED: dict[type, type] = {ast.Mult: ast.Add, ast.Div: ast.Mult, **dict(PAIRS), **{b: a for a, b in PAIRS}}


class Fault(NamedTuple):
    """A module's source with a fault, the lines of the statement that it is in, and what was changed."""

    source: str
    lines: range
    change: str


def way(node: ast.AST) -> tuple[str, Callable[[Any], object]] | None:
    """The field of a node that a fault changes, and what becomes of its value."""
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            return "test", lambda test: ast.UnaryOp(ast.Not(), test)
        case ast.Compare(ops=[first, *_]) if type(first) in SWAPPED:
            return "ops", lambda ops: [SWAPPED[type(ops[0])](), *ops[1:]]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPPED:
            return "op", lambda op: SWAPPED[type(op)]()
        case ast.Constant(value=bool()):
            return "value", lambda value: not value
        case ast.Constant(value=int() | float()):
            return "value", lambda value: value + 1
        case ast.Call(args=[first, second, *_]) if not isinstance(first, ast.Starred):
            same = ast.unparse(first) == ast.unparse(second) or ast.unparse(node.func) in SYMMETRIC
            return None if same else ("args", lambda args: [args[1], args[0], *args[2:]])
        case ast.AugAssign(op=ast.Add()):
            return "value", lambda _: ast.Constant(0)
        case ast.Expr(value=ast.Call()) | ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            return "value", lambda _: ast.Constant(None)
    return None


def code(tree: ast.AST, lines: range = range(0)) -> Iterator[tuple[ast.AST, range]]:
    """All nodes that do something, with the lines of their statement (of a block: those above it)."""
    if isinstance(tree, ast.stmt):
        body = getattr(tree, "body", None)
        end = body[0].lineno - 1 if body else tree.end_lineno or 0
        lines = range(tree.lineno, max(end, tree.lineno) + 1)
    yield tree, lines
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and getattr(child, "arg", "") != "strict":  # that of zip
                yield from code(child, lines)


def faults(source: str) -> list[Callable[[], Fault]]:
    """Everything that can be put into a module, each made when it is called."""
    tree = ast.parse(source)

    def make(index: int) -> Fault:
        other = copy.deepcopy(tree)
        node, lines = list(code(other))[index]
        field, change = way(node)  # type: ignore[misc]
        before = ast.unparse(node).splitlines()[0]
        setattr(node, field, change(getattr(node, field)))
        after = ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
        return Fault(ast.unparse(ast.fix_missing_locations(other)), lines, f"{before} -> {after}")

    return [partial(make, index) for index, (node, _) in enumerate(code(tree)) if way(node)]
