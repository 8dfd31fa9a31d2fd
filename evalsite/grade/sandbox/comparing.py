"""How tests compare values with what a program returned, without letting the program decide.

A class of the program's own may define ``__eq__`` and call itself equal to everything. Where one side of a
comparison holds such an *opinionated* object and the other one does not, they are different, whatever the
object says. Where both do (the tests build objects of the program's class), Python's own rules hold.

Everything that these functions need is bound to arguments: a program can reach the globals of any frame
that called it, and change them.
"""

import operator
from collections.abc import Callable
from typing import Any

_ATOMS = (int, float, str, bool, type(None), bytes, complex)
_COMPARING = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_GROUPS = (
    (list, list.__iter__),
    (tuple, tuple.__iter__),
    (set, set.__iter__),
    (frozenset, frozenset.__iter__),
    (dict, dict.values),
    (dict, dict.__iter__),
)
_MOST_VALUES = 1_000_000
"""Values looked at in one operand; what lies beyond is taken to be honest."""


def comparisons() -> dict[str, Callable[[Any, Any], Any]]:
    """Operator -> function of left and right operand. All classes of this moment count as honest."""
    known = _all_classes()
    judge = _judge_for(known)

    def make(operate: Callable[[Any, Any], Any], otherwise: bool) -> Callable[[Any, Any], Any]:
        def compare(
            left: Any, right: Any, judge: Any = judge, operate: Any = operate, otherwise: bool = otherwise
        ) -> Any:
            return operate(left, right) if judge(left) is judge(right) else otherwise

        return compare

    return {
        "==": make(operator.eq, False),
        "!=": make(operator.ne, True),
        "<": make(operator.lt, False),
        "<=": make(operator.le, False),
        ">": make(operator.gt, False),
        ">=": make(operator.ge, False),
        "in": make(_contained, False),
        "not in": make(_not_contained, True),
    }


def _contained(item: Any, container: Any, contains: Any = operator.contains) -> bool:
    return bool(contains(container, item))


def _not_contained(item: Any, container: Any, contains: Any = operator.contains) -> bool:
    return not contains(container, item)


def _all_classes() -> tuple[type, ...]:
    found: dict[type, None] = {object: None}
    subclass: type
    waiting: list[type] = [object]
    while waiting:
        for subclass in type.__subclasses__(waiting.pop()):
            if subclass not in found:
                found[subclass] = None
                waiting.append(subclass)
    return tuple(found)


def _class_judge(known: tuple[type, ...]) -> Callable[[type], bool]:
    """A function that tells whether a class says for itself how its objects compare, and is not known.

    Classes are told apart by identity, as a metaclass may define ``__hash__`` and ``__eq__``; the last
    default keeps the known ones alive, so that no new one takes the place of an old one.
    """

    def rules_itself(
        own: type,
        known: frozenset[int] = frozenset(map(id, known)),
        comparing: Any = _COMPARING,
        order: Any = type.__dict__["__mro__"].__get__,
        namespace: Any = type.__dict__["__dict__"].__get__,
        address: Any = id,
        _alive: tuple[type, ...] = known,
    ) -> bool:
        for base in order(own):
            if address(base) in known:
                return False
            for name in comparing:
                if name in namespace(base):
                    return True
        return False

    return rules_itself


def _judge_for(known: tuple[type, ...]) -> Callable[[Any], bool]:
    """A function that tells whether a value is, or holds, an opinionated object."""
    rules_itself = _class_judge(known)

    def opinionated(
        value: Any,
        rules_itself: Any = rules_itself,
        atoms: frozenset[int] = frozenset(map(id, _ATOMS)),
        groups: Any = _GROUPS,
        kind: Any = type,
        address: Any = id,
        derived: Any = issubclass,
        size: Any = len,
        most: int = _MOST_VALUES,
    ) -> bool:
        level = [value]
        seen = 0
        while level and seen < most:
            seen += size(level)
            level = [value for value in level if address(kind(value)) not in atoms]
            inner: list[Any] = []
            for own in {address(kind(value)): kind(value) for value in level}.values():
                if rules_itself(own):
                    return True
                for base, items in groups:
                    if derived(own, base):
                        for value in level:
                            if kind(value) is own and size(inner) < most:
                                inner += items(value)
            level = inner
        return False

    return opinionated
