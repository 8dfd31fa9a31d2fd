"""What a record's Python can be seen to lack, without running it."""

import ast
import re
from functools import lru_cache

from evalsite.languages.python.code import bound_names, loaded_names
from evalsite.languages.python.syntax import parse
from evalsite.languages.python.tame import is_tame

MOST_PARSED = 50_000
"""Characters of tests that are parsed; HumanEval+ has some of half a million, most of it values."""


def not_python(source: str) -> str:
    """Why a text is no Python, and where; empty where it is, and where it is too long or odd to be read."""
    found = _read(source)
    return found if isinstance(found, str) else ""


def may_define(source: str, name: str) -> bool:
    """Whether a module binds a name; of one that is long, odd or no Python, whether the name stands in it."""
    if _plainly_defines(source, name):
        return True
    tree = _read(source)
    if not isinstance(tree, ast.Module):
        return re.search(rf"\b{re.escape(name)}\b", source) is not None
    return bool({name, "*"} & bound_names(tree.body))


def _plainly_defines(source: str, name: str) -> bool:
    """Whether a line says so that can be no part of a text, or of another line: to parse all takes longer."""
    return not _OVER_LINES.search(source) and f"\ndef {name}(" in f"\n{source}"


_OVER_LINES = re.compile(r"\"{3}|'{3}|\\[\r\n]")
"""What a line may begin within."""


def as_program(test: str, entry_point: str) -> str:
    """Make a program of tests without ``check``, where it is plain what runs them; else return nothing.

    That is so of functions named ``test...`` that want no argument, and of cases of ``unittest``, each of
    which is run, its first failure raised. What would run them as a script (``unittest.main()``) is left out.
    The function under test has to be named, as itself or as ``candidate``. Bare assertions are refused: they
    may as well be a part of a ``check`` whose head was lost.
    """
    tree = _read(test)
    if not isinstance(tree, ast.Module):
        return ""
    names = loaded_names(tree)
    if not names & {entry_point, "candidate"}:
        return ""
    kept = [node for node in tree.body if not _runs_as_script(node)]
    cases = [node.name for node in kept if isinstance(node, ast.ClassDef) and _is_case(node)]
    called = set().union(*(loaded_names(node) for node in kept if not isinstance(node, _DEFINITIONS)))
    functions = [
        node.name
        for node in kept
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test") and _wants_nothing(node.args)
    ]
    runs = [f"{name}()" for name in functions if name not in called]
    runs += [f"unittest.defaultTestLoader.loadTestsFromTestCase({name}).debug()" for name in cases]
    if not (runs or called & set(functions)):
        return ""
    lines = test.split("\n")
    for node in tree.body:
        if _runs_as_script(node):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    head = [f"candidate = {entry_point}"] if "candidate" in names - bound_names(tree.body) else []
    head += ["import unittest"] if cases else []
    return "\n".join([*head, *lines, "", *runs]) + "\n"


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_case(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rpartition(".")[2] == "TestCase" for base in node.bases)


def _wants_nothing(args: ast.arguments) -> bool:
    return not (args.posonlyargs or args.args or args.kwonlyargs)


def _runs_as_script(node: ast.stmt) -> bool:
    """Such as ``unittest.main()``, and what stands below ``if __name__ == "__main__":``."""
    if isinstance(node, ast.If):
        return "__name__" in loaded_names(node.test)
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith(("unittest.main(", "pytest.main("))


@lru_cache(maxsize=8)
def _read(source: str) -> ast.Module | str | None:
    """The tree of a text, which nobody changes, or why it is no Python; None where it is too long or odd.

    One text is asked about several times in a row.
    """
    if len(source) > MOST_PARSED or not is_tame(source):
        return None
    try:
        return parse(source)
    except SyntaxError as exc:
        return f"is no Python ({exc.msg}{f', line {exc.lineno}' if exc.lineno else ''})"
    except (ValueError, RecursionError, MemoryError) as exc:
        return f"is no Python ({exc})"
