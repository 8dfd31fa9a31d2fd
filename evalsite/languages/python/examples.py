"""Keeps the example calls of a chat answer from running: they may wait for input, or be wrong themselves.

The function is what was asked for. Statements that only show it off are put under ``if False:``, where the
reader still sees them. A statement that anything else depends on is never touched.
"""

import ast

from evalsite.languages.python.code import bound_names, compiles, globals_read, loaded_names, parse

_SHOWING_OFF = frozenset({"print", "main", "input", "help", "exit", "quit", "pprint"})
_SHOWING_OFF_DOTTED = frozenset(
    {"unittest.main", "doctest.testmod", "doctest.run_docstring_examples", "sys.exit", "pprint.pprint"}
)
_COMPOUND = (ast.For, ast.While, ast.With, ast.If, ast.Try)
_GUARD = "if False:  # example calls are kept, but not run"


def set_aside(source: str, entry_point: str) -> str:
    """Return the source with its example statements guarded, or as it was where there are none."""
    tree = parse(source)
    if tree is None or not entry_point:
        return source
    examples = _examples(tree, entry_point, globals_read(source) | {entry_point})
    if not examples or _share_lines(tree, examples):
        return source
    guarded = _guard(source, examples)
    return guarded if compiles(guarded) else source


def _examples(tree: ast.Module, entry_point: str, needed: set[str]) -> list[ast.stmt]:
    """Return the top-level statements that do nothing but show the function off, in order.

    What they bind is unbound afterwards, so whatever reads that has to be an example as well; if it is not,
    none of them is. ``needed`` names may not become unbound.
    """
    examples: list[ast.stmt] = []
    unbound: set[str] = set()
    for node in tree.body:
        reads_unbound = bool(unbound & _loaded(node))
        if not reads_unbound and not _shows_off(node, entry_point):
            unbound -= bound_names([node])
            continue
        bound = bound_names([node])
        if isinstance(node, _DEFINING) or bound & needed:
            if reads_unbound:
                return []
            continue
        examples.append(node)
        unbound |= bound
    return examples


_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def _share_lines(tree: ast.Module, examples: list[ast.stmt]) -> bool:
    """Return whether a semicolon puts an example on a line with something else."""
    ours = set(map(id, examples))
    return bool(_lines(examples) & _lines([node for node in tree.body if id(node) not in ours]))


def _lines(nodes: list[ast.stmt]) -> set[int]:
    """Return the lines of statements, counted from 0."""
    return {n for node in nodes for n in range(node.lineno - 1, node.end_lineno or node.lineno)}


def _loaded(node: ast.stmt) -> set[str]:
    """Return the names that running a statement reads at once: a function's body does not count."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        outer = [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        return set().union(*(loaded_names(each) for each in outer))
    return loaded_names(node)


def _shows_off(node: ast.stmt, entry_point: str) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        return _is_show(node.value, entry_point)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return node.value is not None and _asks_or_calls(node.value, entry_point)
    if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test).partition("__name__")[2]:
        return True
    if isinstance(node, _COMPOUND):
        return _only_shows_off(node, entry_point)
    return False


def _only_shows_off(node: ast.stmt, entry_point: str) -> bool:
    """Return whether every statement in a loop or branch is an example, or feeds one by a plain variable."""
    inner = [
        each for each in ast.walk(node) if isinstance(each, ast.stmt) and not isinstance(each, _COMPOUND)
    ]
    shown = [each for each in inner if _shows_off(each, entry_point)]
    harmless = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Pass, ast.Break, ast.Continue)
    return bool(shown) and all(each in shown or isinstance(each, harmless) for each in inner)


def _is_show(value: ast.expr, entry_point: str) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    return called in _SHOWING_OFF_DOTTED or called in _SHOWING_OFF or called == entry_point


def _asks_or_calls(value: ast.expr, entry_point: str) -> bool:
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id in {"input", entry_point}
        for each in ast.walk(value)
    )


def _guard(source: str, examples: list[ast.stmt]) -> str:
    """Indent the lines of each run of examples under a condition that never holds."""
    lines = source.split("\n")
    inside = _lines(examples)
    result: list[str] = []
    open_guard = False
    for number, line in enumerate(lines):
        if number in inside and not open_guard:
            result.append(_GUARD)
        idle = not line.strip() or line.startswith("#")
        open_guard = number in inside or (open_guard and idle)
        result.append(f"    {line}" if open_guard and line.strip() else line)
    return "\n".join(result)
