"""What can be told of Python source without running it."""

import ast
import builtins
import symtable
import sys
import typing
from collections.abc import Iterable, Iterator

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


def bound_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind in their own scope, within branches and loops too."""
    found: set[str] = set()
    for node in _own_scope(statements):
        if isinstance(node, _DEFINITIONS):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def loaded_names(node: ast.AST) -> set[str]:
    """Return every name that is read anywhere below a node."""
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def globals_read(source: str) -> set[str]:
    """Return the names that functions and classes of source that compiles take from outside of themselves."""
    found: set[str] = set()
    pending = symtable.symtable(source, "<program>", "exec").get_children()
    while pending:
        table = pending.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        pending.extend(table.get_children())
    return found


def missing_names(tree: ast.Module) -> set[str]:
    """Return names that the module reads but nothing in it binds, as argument, variable or import."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.stmt):
            bound |= bound_names([node])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    return loaded_names(tree) - bound - _BUILTINS


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
    lines = prompt.split("\n")
    pieces = ["\n".join(lines[_first_line(node) - 1 : node.end_lineno]) for node in needed]
    head, body = _split_future(source, tree)
    return head + "\n".join(pieces) + "\n\n" + body


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
        if not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


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


def _split_future(source: str, tree: ast.Module) -> tuple[str, str]:
    """Cut behind ``from __future__`` imports, which have to stay at the top."""
    last = max(
        (
            node.end_lineno or 0
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        ),
        default=0,
    )
    lines = source.split("\n")
    head = "\n".join(lines[:last])
    return (head + "\n" if head else ""), "\n".join(lines[last:])
