"""Keeps the example calls of a chat answer from running: they may wait for input, or be wrong themselves.

The function is what was asked for. Statements that only show it off are put under ``if False:``, where the
reader still sees them. What they are called does not matter: what is set aside reaches the function, asks
for input, or calls something of the program's own whose result nobody keeps. A statement that the function
depends on, by a name that it binds or by an object that it may change, is never touched.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from evalsite.languages.python.code import (
    bound_names,
    compiles,
    loaded_names,
    loaded_now,
    names_read,
    parse,
    prose,
)

_SHOWING_OFF = frozenset({"print", "main", "input", "help", "exit", "quit", "pprint"})
_SHOWING_OFF_MODULES = frozenset(
    {"unittest", "doctest", "pytest", "timeit", "cProfile", "pprint", "get_ipython"}
)
_SHOWING_OFF_DOTTED = frozenset({"sys.exit", "os._exit", "os.abort", "time.sleep", "signal.pause"})
_RUNNING = frozenset({"serve_forever", "run_forever", "run_until_complete", "mainloop", "start", "wait"})
"""Methods that begin something which does not end by itself, or wait for it."""
_ASKING = frozenset({"input", "raw_input", "sys.stdin", "sys.argv", "stdin", "argv"})
_SETTINGS = frozenset(
    {
        "setrecursionlimit",
        "set_int_max_str_digits",
        "stack_size",
        "seed",
        "setlocale",
        "getcontext",
        "setcontext",
    }
)
"""Methods that change how whatever runs later behaves."""
_COMPOUND = (ast.For, ast.While, ast.With, ast.If, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ASSIGNING = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_HARMLESS = (*_ASSIGNING, ast.Pass, ast.Break, ast.Continue, ast.Raise, ast.Delete)
_GUARD = "if False:  # example calls are kept, but not run"


def set_aside(source: str, entry_point: str) -> str:
    """Return the source with its example statements guarded, or as it was where there are none."""
    tree = parse(source)
    if tree is None or not entry_point:
        return source
    examples = _Module(tree, source, entry_point).examples()
    if not examples or _share_lines(tree, examples):
        return source
    guarded = _guard(source, examples)
    return guarded if compiles(guarded) else source


class _Module:
    """What the statements of a module have to do with the function that was asked for."""

    def __init__(self, tree: ast.Module, source: str, entry_point: str) -> None:
        self._tree, self.body, self.entry_point = tree, tree.body, entry_point
        self._reads = names_read(tree, source)
        self._binding: dict[str, list[ast.stmt]] = {}
        self._readers: dict[str, list[ast.stmt]] = {}
        for node in tree.body:
            for name in bound_names([node]):
                self._binding.setdefault(name, []).append(node)
            for name in self._reads[node]:
                self._readers.setdefault(name, []).append(node)
        self._led_to: dict[str, frozenset[str]] = {}

    @cached_property
    def needed(self) -> frozenset[str]:
        """The names that the function needs, itself among them, as far as one leads to another."""
        return frozenset(self._closure([self.entry_point]))

    def examples(self) -> list[ast.stmt]:
        """Return the top-level statements that do nothing but show the function off, in order.

        What they bind is unbound afterwards, so whatever reads that has to be an example as well; if it is
        not, none of them is.
        """
        found: list[ast.stmt] = []
        unbound: set[str] = set()
        for node in self.body:
            reads_unbound = bool(unbound & loaded_now(node))
            bound = bound_names([node])
            if not reads_unbound and not self._shows_off(node):
                unbound -= bound
                continue
            if isinstance(node, _DEFINING) or bound & self.needed:
                if reads_unbound:
                    return []
                continue
            found.append(node)
            unbound |= bound
        return self._with_what_feeds(found)

    def _with_what_feeds(self, examples: list[ast.stmt]) -> list[ast.stmt]:
        """Add the calls whose results nobody but examples reads: the server that one of them starts."""
        chosen = {id(node) for node in examples}
        for node in reversed(self.body):
            if isinstance(node, ast.Assign) and any(isinstance(each, ast.Call) for each in ast.walk(node)):
                bound = bound_names([node])
                users = [each for name in bound for each in self._readers.get(name, ())]
                shown = users and all(id(user) in chosen for user in users)
                if shown and not bound & self.needed and not self._changes_needed(node):
                    chosen.add(id(node))
        return [node for node in self.body if id(node) in chosen]

    def _shows_off(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.Assert):
            return True
        if node in self._bare_words:
            return True
        if isinstance(node, ast.Expr):
            return self._is_show(node.value)
        if isinstance(node, ast.Raise):
            return node.exc is not None and _root(node.exc) in ("SystemExit", "KeyboardInterrupt")
        if isinstance(node, _ASSIGNING):
            return node.value is not None and self._asks_or_calls(node.value)
        if isinstance(node, ast.If) and {"__name__", "__main__"} <= set(_words(node.test)):
            return True
        if isinstance(node, _COMPOUND):
            return self._only_shows_off(node)
        return False

    @cached_property
    def _bare_words(self) -> list[ast.stmt]:
        """Words that are Python by chance (``Done``, ``solution.py``, the end of a heredoc): of names that
        nobody defines, which could do nothing but fail.
        """
        return prose(self._tree)

    def _only_shows_off(self, node: ast.stmt) -> bool:
        """Return whether all statements in a loop or branch are examples, or feed one by a plain variable."""
        inner = [
            each for each in ast.walk(node) if isinstance(each, ast.stmt) and not isinstance(each, _COMPOUND)
        ]
        shown = {id(each) for each in inner if self._shows_off(each)}
        heads = any(self._asks_or_calls(head) for head in _heads(node))
        return bool(shown or heads) and all(
            id(each) in shown
            or isinstance(each, _HARMLESS)
            or (isinstance(each, ast.Expr) and not self._changes_needed(each))
            for each in inner
        )

    def _is_show(self, value: ast.expr) -> bool:
        if not isinstance(value, ast.Call):
            shows = self._asks_or_calls(value) or bool(_called(value) & _SHOWING_OFF)
            return shows and not self._changes_needed(value)
        called, root = _dotted(value.func), _root(value.func)
        if called in _SHOWING_OFF_DOTTED or called in {*_SHOWING_OFF - self._own, self.entry_point}:
            return True
        if self._changes_needed(value):
            return False
        names = loaded_names(value)
        return (
            root in self._own
            or self._module_of(root) in _SHOWING_OFF_MODULES
            or (isinstance(value.func, ast.Attribute) and value.func.attr in _RUNNING)
            or bool(names & self._reaching)
            or bool(_called(value) & self._own - self.needed)
            or self._asks_or_calls(value)
        )

    def _asks_or_calls(self, value: ast.expr) -> bool:
        """Whether evaluating something calls the function, or asks for input, by whatever way."""
        named = {_dotted(each) for each in ast.walk(value)}
        return bool(named & _ASKING) or bool(_called(value) & {self.entry_point, *self._reaching})

    def _module_of(self, name: str) -> str:
        """The module that a name was imported from, or is; the name itself where none was."""
        for node in self._bound(name):
            if isinstance(node, ast.ImportFrom):
                return node.module or ""
            if isinstance(node, ast.Import):
                return next((each.name for each in node.names if name in (each.asname, each.name)), name)
        return name

    @cached_property
    def _own(self) -> frozenset[str]:
        """The names that the module binds otherwise than by an import."""
        return frozenset(
            name
            for name, nodes in self._binding.items()
            if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)
        )

    @cached_property
    def _reaching(self) -> frozenset[str]:
        """Functions and classes that the function does not need, and that call it or ask for input."""
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return frozenset(
            name
            for name, nodes in self._binding.items()
            if name not in self.needed and all(isinstance(node, definitions) for node in nodes)
            if self._leads_to(name) & {self.entry_point, "input"} or any(map(_reads_input, nodes))
        )

    @cached_property
    def _changeable(self) -> frozenset[str]:
        """What the function needs and others may change: neither functions nor numbers."""
        return frozenset(
            name
            for name in self.needed
            if any(not isinstance(each, _DEFINING) and not _is_constant(each) for each in self._bound(name))
        )

    def _changes_needed(self, node: ast.AST) -> bool:
        """Whether running it may change what the function needs: by a method, an argument, ``global`` or a
        setting of the interpreter.
        """
        methods = {_root(each) for each in ast.walk(node) if isinstance(each, ast.Attribute)}
        if methods & self.needed & self._own:
            return True
        reached = frozenset().union(*map(self._leads_to, loaded_names(node) - {self.entry_point}))
        nodes = [node, *(bound for name in reached for bound in self._bound(name))]
        declared: frozenset[str] = frozenset().union(*map(_sets, nodes))
        return bool(reached & self._changeable or declared & (self.needed | _SETTINGS))

    def _leads_to(self, name: str) -> frozenset[str]:
        """The names that one leads to by what binds it, but not beyond the function that was asked for."""
        if name not in self._led_to:
            self._led_to[name] = frozenset(self._closure([name], beyond=self.entry_point))
        return self._led_to[name]

    def _closure(self, names: Iterable[str], beyond: str = "") -> set[str]:
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                nodes = self._bound(name) if name != beyond else []
                pending.extend(each for node in nodes for each in self._reads[node])
        return found

    def _bound(self, name: str) -> list[ast.stmt]:
        return self._binding.get(name, [])


def _sets(node: ast.AST) -> set[str]:
    """The names that ``global`` declares anywhere in it, and the attributes that it reads."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Global):
            found |= {*each.names}
        elif isinstance(each, ast.Attribute) and each.attr in _SETTINGS:
            found.add(each.attr)
    return found


def _reads_input(node: ast.stmt) -> bool:
    return any(_dotted(each) in _ASKING for each in ast.walk(node))


def _called(node: ast.AST) -> set[str]:
    """The names that calls in it begin with."""
    return {_root(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def _dotted(node: ast.AST) -> str:
    """A name, or a name with an attribute; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    inner = node.value if isinstance(node, ast.Attribute) else None
    return f"{inner.id}.{node.attr}" if isinstance(inner, ast.Name) else ""  # type: ignore[attr-defined]


def _root(node: ast.expr) -> str:
    """The name that a dotted or called expression begins with; empty where it begins with none."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Await | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id


def _words(node: ast.expr) -> Iterator[object]:
    """Names and constants."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name | ast.Constant):
            yield each.id if isinstance(each, ast.Name) else each.value


def _heads(node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions that loops and branches begin with, the node's own and those within it."""
    for each in ast.walk(node):
        if isinstance(each, ast.If | ast.While):
            yield each.test
        elif isinstance(each, ast.Match):
            yield each.subject
        elif isinstance(each, ast.For | ast.AsyncFor):
            yield each.iter
        elif isinstance(each, ast.With | ast.AsyncWith):
            yield from (item.context_expr for item in each.items)


def _is_constant(node: ast.stmt) -> bool:
    """Whether it binds numbers, texts and tuples of these, which nobody changes."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    return not any(
        isinstance(each, ast.List | ast.Dict | ast.Set | ast.Call | ast.ListComp | ast.DictComp | ast.SetComp)
        for each in ast.walk(node.value)
    )


def _share_lines(tree: ast.Module, examples: list[ast.stmt]) -> bool:
    """Return whether a semicolon puts an example on a line with something else."""
    ours = set(map(id, examples))
    return bool(_lines(examples) & _lines([node for node in tree.body if id(node) not in ours]))


def _lines(nodes: list[ast.stmt]) -> set[int]:
    """Return the lines of statements, counted from 0."""
    return {n for node in nodes for n in range(node.lineno - 1, node.end_lineno or node.lineno)}


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
