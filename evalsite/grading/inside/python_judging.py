"""How the tests' side asks objects of the program's own classes, so that none agrees to whatever it is asked.

An object that is compared with a plain value could answer "yes" to everything. So it is not asked alone
whether it equals 3 but, in one question, what it equals among many numbers, of which 3 is one: it has to
say yes to that one, and to no other. It learns a range of numbers, as wide as the range that it would have
to guess from. Where a value holds no number, there is nothing to hide it among, and it is different.
"""

import math
import operator
import os
from collections import Counter, UserList, UserString
from collections.abc import Callable, Mapping, Set
from typing import Any

from evalsite.grading.inside.python_containers import METHODS_OF_SETS, operate, plain_kind

WINDOW = 64
"""Values among which the one that is meant is hidden."""
_NUMBERS = frozenset({int, float})
_LAWS: dict[str, Callable[[Any, Any], Any]] = {
    "__add__": operator.sub,
    "__radd__": operator.sub,
    "__sub__": operator.add,
    "__rsub__": operator.add,
}
"""Operator -> what takes it back, and so has to give the same for all numbers of a window."""
_SIGNS = {"__lt__": (0, False), "__ge__": (0, True), "__gt__": (2, False), "__le__": (2, True)}


def shifted(value: Any, by: int) -> Any:
    """The value with each number in it raised, the order and the distances between them kept."""
    cls = type(value)
    if cls in _NUMBERS:
        return value + by
    if cls in (list, tuple, set, frozenset):
        return cls(shifted(each, by) for each in value)
    if cls is dict:
        return {key: shifted(each, by) for key, each in value.items()}
    return value


def among(value: Any, secret: bytes) -> tuple[list[Any], int] | None:
    """Many values and the place of the one that is meant; None where it cannot be hidden.

    The same value is hidden among the same, or else asking twice would give it away.
    """
    if _holds_stranger(value) or repr(shifted(value, 1)) == repr(value):
        return None
    from hashlib import blake2b  # a library as large as all else together, in the tests' process alone

    digest = blake2b(repr(value).encode("utf-8", "replace"), key=secret, digest_size=8).digest()
    place = int.from_bytes(digest, "big") % WINDOW
    return [shifted(value, by - place) for by in range(WINDOW)], place


def _holds_stranger(value: Any) -> bool:
    cls = type(value)
    if cls in (list, tuple, set, frozenset):
        return any(map(_holds_stranger, value))
    if cls is dict:
        return any(map(_holds_stranger, value.values())) or any(map(_holds_stranger, value))
    return cls not in _NUMBERS and cls not in (str, bool, type(None), bytes)


class Judge:
    """Asks for one run of the tests. ``ask`` sends a question."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._secret = os.urandom(16)
        self.built: set[int] = set()
        """Of objects that the tests themselves have built by the program's classes."""

    def equal(self, target: Any, other: Any) -> Any:
        """``target == other``, where the other one is a value of the tests'."""
        if isinstance(target, list | set | bytearray | dict | UserList | UserString):
            return self._contents(target) == other
        if isinstance(target, Mapping) and isinstance(other, dict):
            return self._contents(target) == dict(other)
        if isinstance(target, Set) and isinstance(other, Set):
            return self._contents(target) == set(other)
        hidden = among(other, self._secret)
        if hidden is None:
            return NotImplemented
        values, place = hidden
        answers = self._ask("equal", target, values)
        return answers[place] is True and True not in answers[:place] + answers[place + 1 :]

    def _contents(self, target: Any) -> Any:
        """What an object holds that is told nothing of what it is compared with."""
        if frozenset in type(target).__mro__:
            return set(frozenset.__iter__(target))
        return self._ask("contents", target)

    def method(self, target: Any, name: str) -> Any:
        """The method of a set that is given what it is compared with; None for any other attribute."""
        if name not in METHODS_OF_SETS or not isinstance(target, Set):
            return None
        return getattr(set(self._contents(target)), name)

    def count(self, target: Any, key: Any) -> int:
        """What an object derived from Counter counts: others ask it for each key of theirs."""
        return Counter(self._contents(target))[key]

    def has_built(self, *operands: Any) -> bool:
        """Whether the tests have built one of these."""
        return not self.built.isdisjoint(map(id, operands))

    def compare(self, target: Any, name: str, other: Any) -> Any:
        """``target < other`` and its kin: the answer of one who lies somewhere among the numbers."""
        if (kind := plain_kind(target, name, other)) is not None:
            return operate(kind(self._contents(target)), name, other)
        hidden = among(other, self._secret) if type(other) in _NUMBERS else None
        if hidden is None:
            return NotImplemented
        values, place = hidden
        answers = [tuple(answer) for answer in self._ask("compare", target, values)]
        below = [answer[0] for answer in answers]
        if any(answer.count(True) != 1 for answer in answers) or below != sorted(below):
            return False  # it is like no number, and not-a-number is neither below nor above another
        column, negated = _SIGNS[name]
        return answers[place][column] != negated

    def calculate(self, target: Any, name: str, other: Any) -> Any:
        """``target - other`` and its kin, of what the tests have not built: a number or a container."""
        if (kind := plain_kind(target, name, other)) is not None:
            if name.startswith("__i"):  # which changes it, and compares nothing
                return self._ask("operate", target, name, (other,))
            return operate(kind(self._contents(target)), name, other)
        hidden = among(other, self._secret) if type(other) in _NUMBERS else None
        law = _LAWS.get(name)
        if hidden is None or law is None:
            return NotImplemented
        values, place = hidden
        answers = self._ask("calculate", target, name, values)
        if any(type(answer) not in _NUMBERS for answer in answers):
            return NotImplemented
        sign = -1 if name == "__rsub__" else 1
        taken_back = [law(answer, sign * value) for answer, value in zip(answers, values, strict=True)]
        if max(taken_back) - min(taken_back) > 1e-9 * max(map(abs, (*taken_back, 1))):
            return math.nan  # it lies equally far from all of them
        return answers[place]
