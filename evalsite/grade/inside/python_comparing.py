"""How tests compare values with what a program returned, without letting the program decide.

A class may call its objects equal to everything. So a value counts as *plain* only if its class is one of the
interpreter's that nobody can change, and everything that it holds is plain, too. Where one side of a
comparison is plain and the other one is not, the other one's *plain form* is compared: the tuple that a named
tuple is, the dictionary that a ``Counter`` is, the number that a program's own kind of number is. What has no
plain form is different, whatever it says. Where neither side has one (the tests build objects of the
program's class), Python's own rules hold.

No code of the program runs below these functions before a comparison is decided, and everything that they
need is bound to their arguments: a program can reach, and change, the globals and the cells of any function
that it gets hold of.
"""

import operator
import sys
import types
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

Function = Callable[..., Any]
Pair = Callable[[Any, Any], tuple[Any, Any] | None]
Holding = tuple[tuple[type, Function], ...]
"""Class -> function that gives what its objects hold."""
Building = tuple[tuple[type, Function | None, Function], ...]
"""Class -> function that gives what its objects hold, and another that builds a plain object of such values.

For an object that holds nothing, the second one alone, which is called with the object.
"""

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8  # CPython's flags of a class
_ATOMS: frozenset[type] = frozenset({int, float, str, bool, type(None), bytes, complex})
_KEYS: type[Any] = type({}.keys())
_VALUES: type[Any] = type({}.values())
_ITEMS: type[Any] = type({}.items())
_HOLDING: Holding = (
    *((kind, kind.__iter__) for kind in (list, tuple, set, frozenset, deque, _KEYS, _VALUES, _ITEMS)),
    (dict, dict.__iter__),
    (dict, dict.values),
)
_FORWARDING = frozenset(
    {weakref.ref, weakref.ProxyType, weakref.CallableProxyType, types.MappingProxyType, types.SimpleNamespace}
    | {types.MethodType, types.GenericAlias, types.UnionType, slice, type(cmp_to_key(operator.lt))}
)
"""Classes whose objects are equal to what another object, which can't be looked at, says it equals."""
_MOST_VALUES = 1_000_000
"""Values looked at in one operand; what lies beyond is taken to be honest."""


def comparisons() -> dict[str, Function]:
    """What stands for each operator in tests, from now on; classes that nobody can change count as plain.

    ``distance`` stands for ``abs(left - right)``, and ``close`` makes a function that says whether its
    first two arguments are close (``math.isclose``) one that does not ask these themselves.
    """
    pair = _make_pair()
    equal = _comparing(pair, operator.eq, otherwise=False)
    contained = _make_contained(pair, equal)
    return {
        "==": equal,
        "!=": _comparing(pair, operator.ne, otherwise=True),
        "<": _comparing(pair, operator.lt, otherwise=False),
        "<=": _comparing(pair, operator.le, otherwise=False),
        ">": _comparing(pair, operator.gt, otherwise=False),
        ">=": _comparing(pair, operator.ge, otherwise=False),
        "in": contained,
        "not in": _make_not_contained(contained),
        "distance": _comparing(pair, _make_distance(), otherwise=float("inf")),
        "close": _saying_close(pair),
    }


def _comparing(pair: Pair, operate: Function, *, otherwise: object) -> Function:
    def compare(
        left: Any, right: Any, pair: Pair = pair, operate: Function = operate, otherwise: Any = otherwise
    ) -> Any:
        operands = pair(left, right)
        return otherwise if operands is None else operate(*operands)

    return compare


def _saying_close(pair: Pair) -> Function:
    def saying_close(function: Function) -> Function:
        def close(
            left: Any,
            right: Any,
            *rest: Any,
            _pair: Pair = pair,
            _function: Function = function,
            **options: Any,
        ) -> Any:
            operands = _pair(left, right)
            return False if operands is None else _function(*operands, *rest, **options)

        return close

    return saying_close


def chain(compares: Iterable[Function]) -> Function:
    """What stands for several operators in a row (``0 < x < 1``): a function of all operands."""

    def compare_all(*operands: Any, _compares: tuple[Function, ...] = tuple(compares)) -> Any:
        answer: Any = True
        left, *others = operands
        for compare in _compares:
            right, *others = others
            answer = compare(left, right)
            if not answer:
                break
            left = right
        return answer

    return compare_all


def _make_contained(pair: Pair, equal: Function) -> Function:
    def contained(
        item: Any,
        container: Any,
        pair: Pair = pair,
        contains: Function = operator.contains,
        equal: Function = equal,
        holding: Holding = _HOLDING,
        derives: Function = isinstance,
    ) -> bool:
        operands = pair(item, container)
        if operands is None:
            for base, items in holding:
                if derives(container, base):
                    return True in [equal(item, other) for other in items(container)]
            # A container of a class of the program's own is asked, as where the tests call its methods.
            operands = item, container
        return contains(operands[1], operands[0]) is True

    return contained


def _make_not_contained(contained: Function) -> Function:
    def not_contained(item: Any, container: Any, contained: Function = contained) -> bool:
        return not contained(item, container)

    return not_contained


def _make_distance() -> Function:
    def distance(left: Any, right: Any, minus: Function = operator.sub, size: Function = abs) -> Any:
        return size(minus(left, right))

    return distance


def _make_pair() -> Pair:
    """A function that gives two values as they are to be compared, or None where they are different."""
    trusted = _unchangeable_classes() - _FORWARDING

    def pair(
        left: Any,
        right: Any,
        kind: Function = type,
        atoms: frozenset[type] = _ATOMS,
        is_plain: Function = _make_is_plain(trusted),  # noqa: B008 - bound once, on purpose
        plain_form: Function = _make_plain_form(trusted),  # noqa: B008
        none: type[Exception] = Exception,
    ) -> tuple[Any, Any] | None:
        own = kind(left)
        if own is kind(right) and kind(own) is kind and own in atoms:
            return left, right
        left_plain, right_plain = is_plain(left), is_plain(right)
        if left_plain and right_plain:
            return left, right
        forms = []
        for value in (left, right):
            try:
                forms += [plain_form(value, plain_form)]
            except none:
                continue
        if forms and not forms[1:]:
            return None
        if not forms or (own is kind(right) and not left_plain and not right_plain):
            return left, right  # an object of the program's own class on both sides
        return forms[0], forms[1]

    return pair


def _make_is_plain(trusted: frozenset[type]) -> Function:
    """A function that tells whether a value and all that it holds are of trusted classes."""
    holding = _HOLDING + _arrays_holding()

    def is_plain(
        value: Any,
        kind: Function = type,
        trusted: frozenset[type] = trusted,
        atoms: frozenset[type] = _ATOMS,
        holding: Holding = holding,
        derives: Function = issubclass,
        most: int = _MOST_VALUES,
    ) -> bool:
        level = [value]
        seen = 0
        while level and seen < most:
            seen += level.__len__()
            inner: list[Any] = []
            for value in level:
                own = kind(value)
                # A metaclass may define what its classes are equal to, and so which set they are found in.
                if kind(own) is not kind or own not in trusted:
                    return False
                if own not in atoms:
                    for base, items in holding:
                        if derives(own, base):
                            inner += items(value)
            level = inner
        return True

    return is_plain


def _make_plain_form(trusted: frozenset[type]) -> Function:
    """A function that gives a value's plain form, and raises some Exception where there is none.

    Its second argument is itself.
    """
    building = _BUILDING + _arrays_building()

    def plain_form(
        value: Any,
        again: Function,
        kind: Function = type,
        trusted: frozenset[type] = trusted,
        building: Building = building,
        derives: Function = issubclass,
        error: type[Exception] = TypeError,
    ) -> Any:
        own = kind(value)
        for base, items, build in building:
            if derives(own, base):
                return build(value if items is None else [again(item, again) for item in items(value)])
        if kind(own) is kind and own in trusted:
            return value
        raise error

    return plain_form


_NUMERATOR, _DENOMINATOR = (vars(Fraction)[name].__get__ for name in ("_numerator", "_denominator"))


def _number(
    value: Any,
    numerator: Function = _NUMERATOR,
    denominator: Function = _DENOMINATOR,
    remainder: Function = int.__mod__,
    quotient: Function = int.__floordiv__,
    ratio: Function = int.__truediv__,
) -> Any:
    above, below = numerator(value), denominator(value)
    return ratio(above, below) if remainder(above, below) else quotient(above, below)


_BUILDING: Building = (
    (bool, None, bool),
    (int, None, int.__int__),
    (float, None, float.__float__),
    (complex, None, complex.__complex__),
    (str, None, str.__str__),
    (bytes, None, bytes.__bytes__),
    (Fraction, None, _number),
    *((kind, kind.__iter__, kind) for kind in (list, tuple, set, frozenset, deque)),
    *((kind, kind.__iter__, set) for kind in (_KEYS, _ITEMS)),
    (dict, dict.items, dict),
)


def _arrays_holding() -> Holding:
    """What numpy's arrays hold, where numpy is loaded."""
    if "numpy" not in sys.modules:
        return ()
    return (
        (sys.modules["numpy"].ndarray, lambda array: array.ravel().tolist() if array.dtype.hasobject else ()),
    )


def _arrays_building() -> Building:
    """The plain forms of classes derived from numpy's arrays, where numpy is loaded."""
    if "numpy" not in sys.modules:
        return ()
    base: Any = sys.modules["numpy"].ndarray

    def plain_array(
        value: Any, view: Function = base.view, base: type = base, error: type[Exception] = TypeError
    ) -> Any:
        array: Any = view(value, base)
        if array.dtype.hasobject:
            raise error
        return array

    return ((base, None, plain_array),)


def _unchangeable_classes() -> frozenset[type]:
    """All classes there are whose attributes, and so whose methods, can't be set."""
    found: dict[type, None] = {object: None}
    subclass: type
    waiting: list[type] = [object]
    while waiting:
        for subclass in type.__subclasses__(waiting.pop()):
            if subclass not in found:
                found[subclass] = None
                waiting.append(subclass)
    return frozenset(
        kind for kind in found if not kind.__flags__ & _HEAP_TYPE or kind.__flags__ & _IMMUTABLE_TYPE
    )
