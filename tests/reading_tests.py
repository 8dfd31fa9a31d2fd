"""What a test's source tells of it: whether it can fail, and whether it may look at nothing."""

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

CHECKS = {"raises", "fail", "warns", "expect", "wait_for_url"}
"""Calls that can fail a test, by the last part of their name."""
FULL = {"get_args", "count"}
"""Calls that give something for the arguments that tests hand them."""
KEEPING = {
    "sorted",
    "list",
    "tuple",
    "set",
    "enumerate",
    "reversed",
    "dict",
    "items",
    "values",
    "keys",
    "chain",
    "map",
}
"""Calls that give something where one of what they are given holds something."""
NOTHING = ("[]", "set()", "{}", "()", "0", "''", "None", "False")
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
SWALLOWING = {"AssertionError", "Exception", "BaseException"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(node: ast.AST | None) -> str:
    """The last part of a name: ``raises`` of ``pytest.raises``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but expressions, of which there are nine in ten, and which neither define nor import."""
    left = deque([tree])
    while left:
        for node in ast.iter_child_nodes(left.popleft()):
            if not isinstance(node, ast.expr):
                yield node
                left.append(node)


@cache
def functions(tree: ast.AST) -> list[Function]:
    """Everything that is defined in a file of tests."""
    return [node for node in statements(tree) if isinstance(node, Function)]


@cache
def calls(node: ast.AST) -> set[str]:
    """The names of what is called in a statement or an expression."""
    return {name_of(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def swallows(caught: Iterable[ast.AST | None]) -> bool:
    """Whether a failed assertion is among what is caught."""
    return any(each is None or not SWALLOWING.isdisjoint(map(name_of, ast.walk(each))) for each in caught)


class Names:
    """What a function names, which stays whatever it calls."""

    def __init__(self, function: Function, file: ast.Module) -> None:
        nodes = list(ast.walk(function))
        self.local = {node.name for node in nodes if isinstance(node, Function)}
        self.called = {name_of(node) for node in nodes if isinstance(getattr(node, "ctx", None), ast.Load)}
        self.results = [node.value for node in nodes if isinstance(node, ast.Return)]
        known, said = of_file(file)
        self.named = known | named_in(nodes)
        loops = [node for node in nodes if isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If)]
        within = {each for loop in loops for each in ast.walk(loop)}
        asserted = [each for each in nodes if isinstance(each, ast.Assert) and each not in within]
        self.said = said | {text for each in asserted for text in filled(each.test)}
        """What assertions say to hold something."""


names_of = cache(Names)


@cache
def of_file(file: ast.Module) -> tuple[dict[str, ast.expr], set[str]]:
    """What stands at the top of a file: names and what they are, and what is said to hold something."""
    asserted = [each for each in file.body if isinstance(each, ast.Assert)]
    return named_in(file.body), {text for each in asserted for text in filled(each.test)}


def named_in(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """What names are bound to."""
    return {
        ast.unparse(target): node.value
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }


class Reading:
    """What can fail in a function, for certain: reached whatever the program under test gives.

    ``blind`` are the lines of loops and comprehensions that may go over nothing, and so look at nothing.
    """

    def __init__(self, function: Function, helpers: set[str], file: ast.Module) -> None:
        """``helpers`` are functions that can fail; with ``()`` behind it, one that never returns nothing."""
        self.helpers = helpers
        names = names_of(function, file)
        self.local, self.called, self.named, self.said = names.local, names.called, names.named, names.said
        self.blind: list[int] = []
        self.can_fail = self.block(function.body)
        results = names.results
        self.returns_something = bool(results) and all(each and self.is_full(each) for each in results)

    def block(self, body: list[ast.stmt]) -> bool:
        """Whether one of the statements can fail, read in their order."""
        found, before = False, self.said
        for statement in body:
            found |= self.statement(statement)
            self.said = self.said | (filled(statement.test) if isinstance(statement, ast.Assert) else set())
            if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
                break
        self.said = before
        return found

    def statement(self, node: ast.stmt) -> bool:
        """Whether a statement can fail."""
        if isinstance(node, ast.Assert):
            return self.doubtful(node.test)
        if isinstance(node, Function):
            return node.name in self.called and self.block(node.body)
        if isinstance(node, ast.If):
            sides = [self.block(node.body), self.block(node.orelse)]
            return all(sides)
        if isinstance(node, ast.For | ast.AsyncFor):
            return self.loop(node)
        if isinstance(node, ast.While):
            return self.block(node.body) and isinstance(node.test, ast.Constant)
        if isinstance(node, ast.Try):
            can_fail = self.block(node.body) and not swallows(each.type for each in node.handlers)
            parts = [self.block(part) for part in (node.orelse, node.finalbody)]
            handled = [self.block(each.body) for each in node.handlers]
            return can_fail or any(parts) or (bool(handled) and all(handled))
        if isinstance(node, ast.With | ast.AsyncWith):
            entered = [each.context_expr for each in node.items]
            if any(map(self.checks, entered)):
                return len(entered) > 1 or not isinstance(node.body[0], ast.Pass)
            lost = [
                call for call in entered if isinstance(call, ast.Call) and name_of(call.func) == "suppress"
            ]
            return self.block(node.body) and not any(swallows(call.args) for call in lost)
        return self.checks(node)

    def loop(self, node: ast.For | ast.AsyncFor) -> bool:
        """Whether a loop can fail; what it adds up may be asserted behind it."""
        counted = {ast.unparse(each.target) for each in ast.walk(node) if isinstance(each, ast.AugAssign)}
        full, can_fail = self.is_full(node.iter), self.block(node.body)
        if can_fail and not full and not counted & self.said:
            self.blind.append(node.lineno)
        return (full and can_fail) or self.block(node.orelse)

    def checks(self, node: ast.AST) -> bool:
        """Whether something is called that can fail."""
        return any(
            name in CHECKS or name in self.helpers or name.startswith("assert_") for name in calls(node)
        )

    def doubtful(self, test: ast.expr) -> bool:
        """Whether what is asserted could be untrue, and looks at something."""
        if isinstance(test, ast.Constant):
            return not test.value
        if isinstance(test, ast.Tuple | ast.List | ast.Set):
            return not test.elts
        if isinstance(test, ast.Lambda | ast.JoinedStr) or name_of(test) in self.local:
            return False
        if isinstance(test, ast.BoolOp):
            doubts = [self.doubtful(each) for each in test.values]
            return all(doubts) if isinstance(test.op, ast.Or) else any(doubts)
        if isinstance(test, ast.Compare):
            return self.doubtful_comparison(test)
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        inner = test.operand if negated else test
        if isinstance(inner, ast.Call) and name_of(inner.func) == ("any" if negated else "all"):
            return self.looks(inner.args[0], blind=not negated)
        return self.looks(inner) if negated else True

    def doubtful_comparison(self, test: ast.Compare) -> bool:
        left, right = ast.unparse(test.left), ast.unparse(test.comparators[0])
        if (
            len(test.ops) == 1
            and isinstance(test.ops[0], ast.Eq | ast.LtE | ast.GtE | ast.Is)
            and left == right
        ):
            return False
        if left.startswith("len(") and isinstance(test.ops[0], ast.GtE) and right == "0":
            return False
        if isinstance(test.ops[0], ast.Eq) and right in NOTHING:
            return self.looks(test.left)
        return True

    def looks(self, node: ast.expr, *, blind: bool = False) -> bool:
        """Whether a comprehension goes over something; anything else does. That there is nothing may be meant
        (``not any``), or would be ``blind``.
        """
        if isinstance(node, COMPREHENSIONS) and not self.is_full(node.generators[0].iter):
            self.blind += [node.lineno] * blind
            return False
        return True

    def is_full(self, iterable: ast.expr) -> bool:
        """Whether a collection is known to hold something: written down, or asserted before."""
        if ast.unparse(iterable) in self.said:
            return True
        if isinstance(iterable, ast.Tuple | ast.List | ast.Set):
            return bool(iterable.elts)
        if isinstance(iterable, ast.IfExp):
            return self.is_full(iterable.body) and self.is_full(iterable.orelse)
        if isinstance(iterable, ast.Dict):
            return bool(iterable.keys)
        if isinstance(iterable, ast.Constant):
            return bool(iterable.value)
        if isinstance(iterable, ast.Subscript):
            table = self.named.get(ast.unparse(iterable.value))
            return isinstance(table, ast.Dict) and all(self.is_full(each) for each in table.values)
        if isinstance(iterable, ast.Name | ast.Attribute):
            value = self.named.get(ast.unparse(iterable))
            return (
                self.is_full(value) if value is not None else name_of(iterable)[0].isupper()
            )  # a class of members
        if isinstance(iterable, ast.BinOp):
            joined = isinstance(iterable.op, ast.Add | ast.BitOr)
            return joined and (self.is_full(iterable.left) or self.is_full(iterable.right))
        if isinstance(iterable, COMPREHENSIONS):
            return not any(each.ifs for each in iterable.generators) and self.is_full(
                iterable.generators[0].iter
            )
        return isinstance(iterable, ast.Call) and self.gives(iterable)

    def gives(self, call: ast.Call) -> bool:
        """Whether a call gives something to go over."""
        name = name_of(call.func)
        if name == "range":
            return all(not isinstance(each, ast.Constant) or each.value != 0 for each in call.args[-1:])
        if name in ("zip", "product"):
            strict = any(each.arg == "strict" and ast.unparse(each.value) == "True" for each in call.keywords)
            return (any if strict else all)([self.is_full(each) for each in call.args])
        given = [*call.args, *([call.func.value] if isinstance(call.func, ast.Attribute) else [])]
        plain = name in KEEPING or (name == "split" and len(given) == 1)
        return (
            name in FULL
            or f"{name}()" in self.helpers
            or (plain and any(self.is_full(each) for each in given))
        )


@cache
def filled(test: ast.expr) -> set[str]:
    """What holds something if this is true: all that it names, but for what is said to be nothing."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return set().union(*map(filled, test.values))
    if isinstance(test, ast.Compare) and not isinstance(test.ops[0], ast.NotIn | ast.NotEq | ast.IsNot):
        sides = [test.left, *test.comparators]
        if any(ast.unparse(each) in NOTHING for each in sides):
            return set()
        within = [
            [side.generators[0].iter] if isinstance(side, COMPREHENSIONS) else ast.walk(side)
            for side in sides
        ]
        return {ast.unparse(node) for nodes in within for node in nodes if isinstance(node, ast.expr)}
    alone = not isinstance(test, ast.UnaryOp | ast.BoolOp | ast.Call | ast.Compare)
    return {ast.unparse(test)} if alone else set()
