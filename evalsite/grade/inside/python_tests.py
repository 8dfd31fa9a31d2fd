"""Tests as code that the fork server compiles once, and that the program under test finds hard to talk to.

A program shares the interpreter with its tests, and Python lets it replace almost anything. So the tests are
rewritten before they are compiled, without changing what they say about honest programs:

- Built-in functions that the tests name (``abs``, ``len``, ``all``), and functions of modules that they
  import (``math.isclose``), become constants of the code: replacing the name later, in the namespace or in
  the module, reaches nothing.
- Comparisons, ``abs(a - b)`` and functions like ``math.isclose`` don't ask an object of the program's own
  class whether it is equal to a plain value, or close to it (:mod:`.comparing`).
- Functions that the tests define are local to them, so that no thread of the program can rebind ``check``.
"""

import ast
import builtins
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from types import CodeType
from typing import Any

from evalsite.grade.inside.messages import TESTS
from evalsite.grade.inside.python_comparing import chain

_MARK = "\ue000evalsite:"
_FRAME_BOUND = frozenset({"super", "locals", "vars", "dir", "eval", "exec", "globals", "__import__"})
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_SAYING_CLOSE = frozenset(
    {"math.isclose", "cmath.isclose"}
    | {f"numpy.{name}" for name in ("allclose", "isclose", "array_equal", "array_equiv")}
)
_AT_WORK = ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr
_SCOPES = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)  # fmt: skip

_Elements = ast.List | ast.Tuple | ast.Set

Comparisons = dict[str, Callable[..., Any]]
_MOST_BYTES = 8 << 20
"""Of tests whose code is kept."""


class CompiledTests:
    """The code of the tests that were asked for last, by a key that the grader gives them."""

    def __init__(self, compare: Comparisons) -> None:
        self._compare = compare
        self._kept: OrderedDict[bytes, tuple[CodeType | str, int]] = OrderedDict()

    def find(self, key: bytes, text: bytes | None, own_names: bytes) -> CodeType | str | None:
        """The code: kept from before, or compiled from ``text`` now; None where neither is there.

        An error message where the tests don't compile.
        """
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        if text is None:
            return None
        code: CodeType | str
        try:
            names = own_names.decode().split()
            code = compile_tests(text.decode("utf-8", "surrogatepass"), names, self._compare)
        except Exception as exc:  # whatever it is, the tests are to blame, and no program
            code = f"{type(exc).__name__}: {exc}"
        self._kept[key] = (code, len(text))
        while sum(size for _, size in self._kept.values()) > _MOST_BYTES and len(self._kept) > 1:
            self._kept.popitem(last=False)
        return code


def compile_tests(source: str, own_names: Iterable[str], compare: Comparisons) -> CodeType:
    """The tests of one problem as code of the file ``<tests>``. Raises SyntaxError, ValueError,
    RecursionError.

    ``own_names`` are names that a right program defines at its top level: the tests mean the program's.
    ``compare`` holds what stands for each operator (:func:`.comparing.comparisons`).
    """
    tree = ast.parse(source, TESTS)
    own = frozenset(own_names)
    nodes = list(_walk([tree]))
    rewriter = _Rewriter(own | _bound_names(nodes), _imports(nodes), compare)
    tree = rewriter.visit(tree)
    wrapped = _make_functions_local(tree, own)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler takes a mark for the text that it is
        code = compile(tree, TESTS, "exec", dont_inherit=True)
    if wrapped:
        code = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
        code = code.replace(co_name="<module>")
    return _with_constants(code, rewriter.constants)


class _Rewriter(ast.NodeTransformer):
    """Puts marks where constants are to stand, and remembers what they stand for."""

    def __init__(
        self, kept: frozenset[str], imports: dict[str, tuple[str, str]], compare: Comparisons
    ) -> None:
        self.kept = kept
        self.compare = compare
        self.imports = imports
        self.constants: dict[str, Any] = {}

    def _constant(self, node: ast.expr, name: str, value: object) -> ast.expr:
        self.constants[_MARK + name] = value
        return ast.copy_location(ast.Constant(_MARK + name), node)

    def _function(self, node: ast.expr, module: str, name: str) -> ast.expr:
        """A constant for a function of a module; the node itself for anything else."""
        value = getattr(sys.modules.get(module), name, None)
        return self._constant(node, f"{module}.{name}", value) if callable(value) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        name = node.id
        if not isinstance(node.ctx, ast.Load) or name.startswith("__"):
            return node
        module, imported = self.imports.get(name, ("", ""))
        if imported:
            return self._function(node, module, imported)
        if name in self.kept or name in _FRAME_BOUND or not hasattr(builtins, name):
            return node
        return self._constant(node, name, getattr(builtins, name))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            module, imported = self.imports.get(node.value.id, ("", ""))
            if module and not imported:
                return self._function(node, module, node.attr)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        called = node.func.value if isinstance(node.func, ast.Constant) else None
        name = called.removeprefix(_MARK) if isinstance(called, str) else ""
        match node.args:
            case [ast.BinOp(left=left, op=ast.Sub(), right=right)] if name == "abs":
                function = self._constant(node.func, "distance", self.compare["distance"])
                return ast.copy_location(ast.Call(function, [left, right], []), node)
            case [first, second, *_] if name in _SAYING_CLOSE:
                if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                    close = self.compare["close"](self.constants[_MARK + name])
                    node.func = self._constant(node.func, f"close {name}", close)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        signs = [_OPERATORS.get(type(sign), "") for sign in node.ops]
        # What stands behind the second operator is evaluated whatever the first one says.
        still = not any(isinstance(part, _AT_WORK) for end in node.comparators[1:] for part in ast.walk(end))
        self.generic_visit(node)
        if not all(signs) or not still:
            return node
        value = self.compare[signs[0]] if len(signs) == 1 else chain([self.compare[sign] for sign in signs])
        function = self._constant(node, " ".join(signs), value)
        return ast.copy_location(ast.Call(function, [node.left, *node.comparators], []), node)

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return node

    def visit_List(self, node: _Elements) -> _Elements:
        """Leave constants alone, and at once: most of many tests are numbers in lists."""
        node.elts = [each if type(each) is ast.Constant else self.visit(each) for each in node.elts]
        return node

    visit_Tuple = visit_Set = visit_List  # noqa: N815 - names of ast's

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        node.guard = self.visit(node.guard) if node.guard else None
        node.body = [self.visit(statement) for statement in node.body]
        return node


def _bound_names(nodes: list[ast.AST]) -> frozenset[str]:
    """Every name that the tests bind themselves, anywhere."""
    return frozenset(name for node in nodes for name in _names_bound_by(node))


def _imports(nodes: list[ast.AST]) -> dict[str, tuple[str, str]]:
    """Name -> module and what is taken from it (nothing for the module itself), for names that the tests
    bind by one kind of import and in no other way.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname or "." not in alias.name:
                    found.setdefault(alias.asname or alias.name, set()).add((alias.name, ""))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add((node.module, alias.name))
    elsewhere = _bound_names([node for node in nodes if not isinstance(node, ast.alias)])
    return {
        name: next(iter(ways)) for name, ways in found.items() if len(ways) == 1 and name not in elsewhere
    }


def _make_functions_local(tree: ast.Module, own: frozenset[str]) -> bool:
    """Wrap the tests into one function, whose other names stay global as the program may use them.

    False, and nothing done, where the tests define no function or hold what no function may hold.
    """
    functions = {statement.name for statement in tree.body if isinstance(statement, ast.FunctionDef)} - own
    inner = list(_outside_functions(tree.body))
    star = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in inner)
    if not functions or star or any(isinstance(node, ast.AnnAssign | ast.Global) for node in inner):
        return False
    shared = sorted({name for node in inner for name in _names_bound_by(node)} - functions)
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    body: list[ast.stmt] = [ast.Global(shared, lineno=1, col_offset=0)] if shared else []
    body += [statement for statement in tree.body if statement not in futures]
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    wrapper = ast.FunctionDef(
        name="tests", args=nothing, body=body, decorator_list=[], lineno=1, col_offset=0
    )
    if sys.version_info >= (3, 12):
        wrapper.type_params = []
    tree.body = [*futures, wrapper]
    return True


def _outside_functions(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node that binds names at the top level: functions, classes and comprehensions are not entered."""
    return _walk(nodes, but=_SCOPES)


def _walk(nodes: Iterable[ast.AST], *, but: Any = ()) -> Iterator[ast.AST]:
    """Nodes and all below them, in no order, without constants among the elements of lists, tuples and sets.

    Those of the kinds in ``but`` are not entered.
    """
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _Elements):
            waiting += [each for each in node.elts if type(each) is not ast.Constant]
        elif not isinstance(node, but):
            waiting += ast.iter_child_nodes(node)


def _names_bound_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).partition(".")[0]]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return [node.name]
    return [node.arg] if isinstance(node, ast.arg) else []


def _with_constants(code: CodeType, values: dict[str, Any]) -> CodeType:
    """The code with the marks among its constants, and those of the code within it, replaced by what they
    stand for.
    """

    def replaced(constant: Any) -> Any:
        if isinstance(constant, str):
            return values.get(constant, constant) if constant.startswith(_MARK) else constant
        if isinstance(constant, tuple):
            return tuple(map(replaced, constant))
        if isinstance(constant, frozenset):
            return frozenset(map(replaced, constant))
        return _with_constants(constant, values) if isinstance(constant, CodeType) else constant

    return code.replace(co_consts=tuple(map(replaced, code.co_consts)))
