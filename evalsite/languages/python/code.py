"""What can be told of Python source without running it."""

import ast
import builtins
import symtable
import sys
import typing
from collections.abc import Iterable, Iterator, Sequence

from evalsite.languages.python import syntax
from evalsite.languages.reading import MOST_TRIES

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of source that compiles, else None: ``return`` outside a function does not."""
    try:
        return syntax.compiled(source)
    except _REFUSALS:
        return None


def compiles(source: str) -> bool:
    """Return whether Python accepts the source."""
    return parse(source) is not None


def defines(tree: ast.Module, name: str) -> bool:
    """Return whether the module binds the name; for an empty name, whether it defines any function."""
    if not name:
        return any(isinstance(node, _DEFINITIONS) for node in tree.body)
    return name in bound_names(tree.body)


def is_stub(tree: ast.Module, name: str) -> bool:
    """Return whether the last definition of a function has nothing to do: a docstring, ``pass``, ``...``."""
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return all(_does_nothing(statement) for statement in node.body)
    return False


def is_open(tree: ast.Module, name: str) -> bool:
    """Return whether a module ends with a function that just stops: by neither ``return``, ``raise`` nor a
    loop, within which a search may have ended.
    """
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.FunctionDef | ast.AsyncFunctionDef) or last.name != name:
        return False
    return not isinstance(last.body[-1], ast.Return | ast.Raise | ast.For | ast.While | ast.AsyncFor)


def bound_names(statements: Iterable[ast.stmt], *, imports: bool = True) -> set[str]:
    """Return the names that statements bind in their own scope, within branches and loops too; without
    ``imports``, by more than these.
    """
    found: set[str] = set()
    for node in _own_scope(statements):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                found.add(node.id)
        elif imports or not isinstance(node, ast.Import | ast.ImportFrom):
            found.update(_bound_by(node))
    return found


def _bound_by(node: ast.AST) -> Iterable[str]:
    """Return the names that a definition or an import binds."""
    if isinstance(node, _DEFINITIONS):
        return (node.name,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return ()


def loaded_names(node: ast.AST) -> set[str]:
    """Return every name that is read anywhere below a node."""
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def names_read(tree: ast.Module, source: str) -> dict[ast.stmt, frozenset[str]]:
    """Return what each top-level statement of source takes from the module, at once or when it is called."""
    tables = {
        table.get_lineno(): table for table in symtable.symtable(source, "<program>", "exec").get_children()
    }
    found: dict[ast.stmt, frozenset[str]] = {}
    for node in tree.body:
        if not isinstance(node, _DEFINITIONS):
            found[node] = frozenset(loaded_names(node) - _own_variables(node))
            continue
        names = loaded_now(node)
        pending = [tables[node.lineno]] if node.lineno in tables else []
        while pending:
            table = pending.pop()
            names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
            pending.extend(table.get_children())
        found[node] = frozenset(names)
    return found


def loaded_now(node: ast.stmt) -> set[str]:
    """Return the names that running a statement reads at once: a function's body does not count."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        outer = [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        return set().union(*(loaded_names(each) for each in outer))
    if isinstance(node, ast.ClassDef):
        outer = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]
        return set().union(*map(loaded_names, outer), *map(loaded_now, node.body))
    return loaded_names(node)


def _own_variables(node: ast.stmt) -> set[str]:
    """Names of a statement's comprehensions and lambdas, which are nobody else's."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.comprehension):
            found |= {name.id for name in ast.walk(each.target) if isinstance(name, ast.Name)}
        elif isinstance(each, ast.arg):
            found.add(each.arg)
    return found


def missing_names(tree: ast.Module) -> set[str]:
    """Return names that the module reads but nothing in it binds, as argument, variable or import."""
    bound: set[str] = set()
    loaded: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Del):
                (loaded if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
        else:
            bound.update(_bound_by(node))
    return loaded - bound - _BUILTINS


def prose(tree: ast.Module) -> list[ast.stmt]:
    """Return top-level statements that do nothing but read names which nobody has bound.

    Words such as ``Note: this`` or ``Done`` are an annotation and an expression to Python.
    """
    missing = missing_names(tree)
    return [
        node
        for node in tree.body
        if (
            (isinstance(node, ast.AnnAssign) and node.value is None)
            or (isinstance(node, ast.Expr) and not any(isinstance(each, ast.Call) for each in ast.walk(node)))
        )
        and loaded_names(node) & missing
    ]


def prelude(prompt: str, entry_point: str) -> list[ast.stmt]:
    """Return what a prompt holds besides the function that it asks for: imports, helpers, constants."""
    tree = parse(prompt)
    if tree is None:
        return []
    return [
        node
        for node in tree.body
        if not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == entry_point)
        and not _is_text(node)
    ]


def with_prelude(source: str, tree: ast.Module, prompt: str, entry_point: str) -> str:
    """Put the prompt's imports and helpers before an answer, unless it begins with the same ones itself."""
    leading = {ast.dump(node) for node in _leading(tree)}
    needed = [node for node in prelude(prompt, entry_point) if ast.dump(node) not in leading]
    if not needed:
        return source
    return _before(source, tree, prompt, needed)


def with_helpers(source: str, prompt: str, entry_point: str, tests: str) -> str:
    """Put before a whole program what its tests name, the prompt defines and the program does not bind, with
    what that needs of the prompt in turn.
    """
    tree, tested = parse(source), parse(tests)
    if tree is None or tested is None:
        return source
    bound = bound_names(tree.body)
    wanted = loaded_names(tested) - bound - {entry_point}
    defined = {name: node for node in prelude(prompt, entry_point) for name in bound_names([node])}
    if not any(isinstance(defined.get(name), _DEFINITIONS) for name in wanted):
        return source
    needed: dict[str, ast.stmt] = {}
    while names := (wanted & defined.keys()) - needed.keys() - bound:
        needed |= {name: defined[name] for name in names}
        wanted = set().union(*(loaded_names(defined[name]) for name in names))
    pieces = list(dict.fromkeys(node for node in defined.values() if node in needed.values()))
    return _before(source, tree, prompt, pieces)


def joined(sources: Sequence[str]) -> str:
    """Put pieces of code that each compile one behind the other, ``from __future__`` imports first."""
    names: dict[str, None] = {}
    plain: list[str] = []
    for source in sources:
        lines = source.split("\n")
        for node in _future_imports(parse(source)):
            names |= dict.fromkeys(alias.name for alias in node.names)
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
        plain.append("\n".join(lines))
    head = [f"from __future__ import {', '.join(names)}\n"] if names else []
    return "\n\n".join((*head, *plain))


def with_imports(source: str, tree: ast.Module) -> str:
    """Import what an answer plainly takes from the standard library without saying so.

    That is a module used by its name (``math.sqrt``), or a name of :mod:`typing` in an annotation. Whatever
    the program binds itself, anywhere, is left alone.
    """
    missing = missing_names(tree)
    if not missing:
        return source
    modules = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    lines = [f"import {name}" for name in sorted(missing & modules & sys.stdlib_module_names)]
    if hints := sorted(missing & set(typing.__all__)):
        lines.append(f"from typing import {', '.join(hints)}")
    head, body = _split_future(source, tree)
    return head + "".join(f"{line}\n" for line in lines) + body


def last_complete(source: str) -> str:
    """Return the longest beginning of whole top-level statements that compiles; empty if there is none.

    Where a beginning fails, everything from the line of the error on is given up at once: an answer that
    raves for thousands of lines must not cost a compilation for each.
    """
    lines = source.split("\n")
    ends = [n for n, line in enumerate(lines) if n and line.strip() and line[0] not in " \t#)]}"]
    for _ in range(MOST_TRIES):
        if not ends:
            break
        part = "\n".join(lines[: ends[-1]]).rstrip()
        failed_at = _error_line(part)
        if failed_at is None:
            return part + "\n" if part else ""
        shorter = min(ends.pop(), failed_at)
        while ends and ends[-1] >= shorter:
            ends.pop()
    return ""


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_DEFINITIONS, ast.Lambda)
_LEAVES = (ast.expr_context, ast.operator, ast.Constant)
"""Nodes that neither bind nor hold anything."""


_REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What Python raises for source that it does not accept; only the first names a line."""


def _error_line(source: str) -> int | None:
    """Return the line (from 1) at which source fails to compile, its length if unknown, None if it does."""
    try:
        syntax.compiled(source)
    except SyntaxError as exc:
        return exc.lineno or source.count("\n") + 1
    except _REFUSALS:
        return source.count("\n") + 1
    return None


def _own_scope(statements: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _SCOPES):
            pending.extend(each for each in ast.iter_child_nodes(node) if not isinstance(each, _LEAVES))


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.dump(statement)
    return isinstance(statement, ast.Pass) or _is_text(statement)


def _is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring or an ellipsis."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min(node.lineno, *(each.lineno for each in decorators)) if decorators else node.lineno


def _leading(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the imports, functions and docstrings that a module begins with."""
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef) and not _is_text(node):
            return
        yield node


def _before(source: str, tree: ast.Module, prompt: str, nodes: Iterable[ast.stmt]) -> str:
    """Put statements of a prompt before source."""
    lines = prompt.split("\n")
    pieces = ["\n".join(lines[_first_line(node) - 1 : node.end_lineno]) for node in nodes]
    head, body = _split_future(source, tree)
    return head + "\n".join(pieces) + "\n\n" + body


def _future_imports(tree: ast.Module | None) -> list[ast.ImportFrom]:
    found = (node for node in (tree.body if tree else ()) if isinstance(node, ast.ImportFrom))
    return [node for node in found if node.module == "__future__"]


def _split_future(source: str, tree: ast.Module) -> tuple[str, str]:
    """Cut behind ``from __future__`` imports, which have to stay at the top."""
    last = max((node.end_lineno or 0 for node in _future_imports(tree)), default=0)
    lines = source.split("\n")
    head = "\n".join(lines[:last])
    return (head + "\n" if head else ""), "\n".join(lines[last:])
