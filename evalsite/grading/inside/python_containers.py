"""Containers of the program's own classes (``class Stack(list)``) are compared and calculated with by what
they hold, which they tell without knowing what for.
"""

import operator
from collections import Counter
from collections.abc import Callable, Set
from typing import Any, cast

_KINDS: tuple[tuple[type, tuple[type, ...], type], ...] = (
    (Counter, (Counter,), Counter),
    (dict, (dict,), dict),
    (list, (list, int), list),
    (bytearray, (bytes, bytearray, int), bytearray),
    (Set, (Set,), set),
)
"""What one is derived from, what it is compared and calculated with as Python's own, and what that is."""
_BOTH_WAYS = ("add", "sub", "mul", "and", "or", "xor")


def _swapped(operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: operate(other, one)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    **{f"__{name}__": getattr(operator, f"__{name}__") for name in (*_BOTH_WAYS, "lt", "le", "gt", "ge")},
    **{f"__r{name}__": _swapped(getattr(operator, f"__{name}__")) for name in _BOTH_WAYS},
}
_COMPARING_METHODS = """
difference intersection isdisjoint issubset issuperset symmetric_difference union
"""
METHODS_OF_SETS = frozenset(_COMPARING_METHODS.split())
"""Which look at what they are given, and so are called on what a set holds."""


def plain_kind(target: Any, name: str, other: Any) -> type | None:
    """Python's own class that an object stands for in ``target + other``; None where there is none, or where
    the object's class has an operator of its own for that.
    """
    found = (kind for base, others, kind in _KINDS if isinstance(target, base) and isinstance(other, others))
    kind, stand_in = next(found, None), cast("Any", type(target))  # of which objects could say otherwise
    return None if kind is None or name in stand_in._evalsite_operators else kind


def operate(held: Any, name: str, other: Any) -> Any:
    """What an operator gives of what a container holds."""
    plain = set(other) if isinstance(held, set) else other
    return _OPERATORS[name](held, plain) if name in _OPERATORS else NotImplemented
