"""Stand-ins for objects and classes that stay in the other process: what is done to one is done to the other.

A class is mirrored by a class, so that ``isinstance``, ``except`` and ``type`` say what they should. It has
those special methods that the original has, each of which asks. Classes that derive from values that never
change (``class Celsius(float)``, an ``IntEnum``) are mirrored by classes that derive from the same, whose
objects hold the value itself.
"""

import datetime
import decimal
import fractions
import types
from abc import ABCMeta
from collections.abc import Callable
from typing import Any

UNCHANGING: tuple[type, ...] = (
    bool, int, float, complex, str, bytes, tuple, frozenset, decimal.Decimal, fractions.Fraction,
    datetime.datetime, datetime.date, datetime.time, datetime.timedelta,
)  # fmt: skip
"""Classes whose objects never change: an object of a class derived from one is rebuilt from its value."""
CHANGING: tuple[type, ...] = (list, dict, set, bytearray)
"""Classes whose objects do: what is derived from one stays where it is, and its contents are asked for."""

_COMPARING = "__lt__ __le__ __gt__ __ge__"
_ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or"
COMPARING = frozenset(f"{_COMPARING} __eq__ __ne__".split())
ARITHMETIC = frozenset(f"__{side}{name}__" for name in _ARITHMETIC.split() for side in ("", "r", "i"))
_SHOWING = frozenset(["__str__", "__repr__", "__format__"])
_OTHERS = """
call len iter next reversed contains getitem setitem delitem bool int float complex index abs neg pos
invert round trunc floor ceil hash enter exit bytes fspath length_hint get
"""
FORWARDED = frozenset(f"__{name}__" for name in _OTHERS.split()) | ARITHMETIC | COMPARING | _SHOWING
OURS = "_evalsite_"
"""Attributes that begin so are ours alone, whatever the other side says."""
TEXT = f"{OURS}text"
"""Where an exception of a mirrored class keeps its text."""

_NUMPYS = frozenset({"__array_struct__", "__array_interface__", "__array_ufunc__", "__array_function__"})
"""By which numpy hands over to an object, or to memory of its, what it would look at itself."""
_KNOWN_TYPES: dict[str, type] = {
    str(cls.__name__): cls
    for cls in (
        types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.GeneratorType,
        types.CoroutineType, types.AsyncGeneratorType, types.ModuleType, types.CodeType,
    )
}  # fmt: skip
"""Classes of the interpreter that go by no name of their own."""


_speaking: list[Any] = []


def speak_to(dialogue: Any) -> None:
    """Let all stand-ins of this process ask by this dialogue: there is one at a time."""
    _speaking[:] = [dialogue]


def speaking() -> Any:
    """The dialogue by which stand-ins ask; None before there is one."""
    return _speaking[0] if _speaking else None


def plain_base(cls: type) -> type | None:
    """The class of values that a class derives from, or is; None where there is none."""
    return next((each for each in UNCHANGING if issubclass(cls, each)), None)


def special_methods(cls: type) -> list[str]:
    """The special methods of a class that are not every object's."""
    base = plain_base(cls)
    if base is not None:
        return [name for name in (*_SHOWING, "__call__") if _own(cls, name, base)]
    if issubclass(cls, BaseException):
        return []
    found = [name for name in FORWARDED if _own(cls, name, object)]
    return [*found, "unhashable"] if cls.__hash__ is None else found


def _own(cls: type, name: str, base: type) -> bool:
    mine = getattr(cls, name, None)
    return mine is not None and mine is not getattr(base, name, None)


def own_names(cls: type) -> list[str]:
    """What a class adds to the values that it derives from, so that theirs do not hide it; or the operators
    of a class of containers.
    """
    base = plain_base(cls)
    if base is None:
        return _own_operators(cls)
    mine = [vars(each) for each in cls.__mro__ if each not in base.__mro__]
    return sorted({name for names in mine for name in names if not name.startswith("__")})


def _own_operators(cls: type) -> list[str]:
    """The operators that a class of containers has of its own."""
    if not issubclass(cls, CHANGING):
        return []
    mine = [vars(each) for each in cls.__mro__ if each.__module__ not in ("builtins", "collections")]
    return sorted({name for names in mine for name in names if name in ARITHMETIC | COMPARING})


class MirroredClass(ABCMeta):
    """The class of classes that stand in for those of the other process."""

    _shadow: type | None

    def __new__(mcs, name: str, *_: Any) -> Any:
        """There is no way to derive from one. Raises TypeError."""
        raise TypeError(f"{name} derives from a class of the other process, which it cannot")

    def __call__(cls, *args: Any, **options: Any) -> Any:
        """Have the original make an object."""
        return _speaking[0].construct(cls, args, options)

    def __getattr__(cls, name: str) -> Any:
        if name == "__dataclass_fields__":
            return _fields(_speaking[0].ask("fields", cls))
        if name.startswith("_abc_") or name == "_shadow" or name in _NUMPYS:
            raise AttributeError(name)
        return _speaking[0].ask("get", cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name.startswith("_abc_") or name == "__abstractmethods__":
            super().__setattr__(name, value)
        else:
            _speaking[0].ask("set", cls, name, value)

    def __delattr__(cls, name: str) -> None:
        _speaking[0].ask("delete", cls, name)

    def __iter__(cls) -> Any:
        return _speaking[0].ask("operate", cls, "__iter__", ())

    def __len__(cls) -> Any:
        return _speaking[0].ask("operate", cls, "__len__", ())

    def __getitem__(cls, key: Any) -> Any:
        return _speaking[0].ask("operate", cls, "__getitem__", (key,))

    def __contains__(cls, key: Any) -> Any:
        return _speaking[0].ask("operate", cls, "__contains__", (key,))

    def __bool__(cls) -> bool:
        return True


def _fields(names: list[str]) -> dict[str, Any]:
    import dataclasses

    made = dataclasses.make_dataclass("Fields", names)
    return {field.name: field for field in dataclasses.fields(made)}.copy()


class Mirror:
    """An object that stands in for one of the other process."""

    __slots__ = ("__weakref__",)

    def __getattr__(self, name: str) -> Any:
        if name == "__dataclass_fields__":
            return type(self).__dataclass_fields__  # type: ignore[attr-defined]
        if name.startswith(OURS) or name in _NUMPYS:
            raise AttributeError(name)
        return _speaking[0].ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _speaking[0].ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        _speaking[0].ask("delete", self, name)

    def __deepcopy__(self, memo: Any) -> Any:
        return _speaking[0].ask("copy", self, True)

    def __copy__(self) -> Any:
        return _speaking[0].ask("copy", self, False)

    def __dir__(self) -> Any:
        return _speaking[0].ask("names", self)


def _forward(name: str) -> Callable[..., Any]:
    def ask(self: Any, *args: Any) -> Any:
        return _speaking[0].operate(self, name, args)

    def call(self: Any, *args: Any, **options: Any) -> Any:
        return _speaking[0].call(self, args, options)

    return call if name == "__call__" else ask


_FORWARDING = {name: _forward(name) for name in FORWARDED}


class _Attribute:
    """An attribute of objects and of their class."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, target: Any, cls: Any) -> Any:
        return _speaking[0].ask("get", cls if target is None else target, self._name)


def _said_class(self: Any) -> Any:
    return type(self)._shadow


def _said_text(self: Any) -> str:
    return str(vars(self).get(TEXT, ""))


def known_type(cls: type) -> str:
    """Under what name the other side knows a class of the interpreter's that goes by no other; or nothing."""
    return cls.__name__ if _KNOWN_TYPES.get(cls.__name__) is cls else ""


def make_class(name: str, module: str, bases: list[type], told: tuple[list[str], list[str], Any]) -> type:
    """A class that stands in for one of the other process.

    ``told``: its special methods, the names it adds to values, and the class of the library or the name of
    the interpreter's class that it is, if it is one.
    """
    special, own, itself = told
    mirrored = [base for base in bases if isinstance(base, MirroredClass)]
    library = [base for base in bases if base not in mirrored]
    values: list[type] = [base for base in library if issubclass(base, BaseException)]
    values += [each for each in map(plain_base, library) if each is not None]
    real = list(dict.fromkeys([*mirrored, *values]))
    values += [base for base in mirrored if issubclass(base, (*UNCHANGING, BaseException))]
    names: dict[str, Any] = {each: _FORWARDING[each] for each in special if each in FORWARDED}
    if any(issubclass(base, BaseException) for base in values):
        names["__str__"] = _said_text
    else:
        names["__getattr__"] = Mirror.__getattr__
        names |= {each: _Attribute(each) for each in own if not _is_the_librarys(each, values)}
        names |= _MADE_BY_FRACTIONS if _are_fractions(values) else {}
    if not values:
        names |= {"__slots__": (), "__doc__": _Attribute("__doc__")}
        real = [*real, *([] if real else [Mirror])]
    if "unhashable" in special:
        names["__hash__"] = None
    elif "__eq__" in names and "__hash__" not in names:
        names["__hash__"] = object.__hash__
    shadow = _KNOWN_TYPES.get(itself) if isinstance(itself, str) else itself
    virtual = [base for base in library if base not in real and base is not object]
    virtual += [base._shadow for base in mirrored if base._shadow is not None]
    if shadow is None and virtual:
        shadow = _make_shadow(name, tuple(dict.fromkeys(virtual)), {"__module__": module})
    if shadow is not None:
        names["__class__"] = property(_said_class)
    if isinstance(shadow, type) and issubclass(shadow, list):  # ``[1] + stack`` asks for it
        names.setdefault("__radd__", _FORWARDING["__radd__"])
    names |= {"__module__": module, "_shadow": shadow, "_evalsite_operators": frozenset(own)}
    made: type = _MAKE(MirroredClass, name, tuple(real), names)
    return made


_MADE_BY_FRACTIONS = {
    name: getattr(fractions.Fraction, name)
    for name, value in vars(fractions.Fraction).items()
    if isinstance(value, classmethod)
}
"""Fractions make others by their own class, which would so be told the number that they are compared with."""


def _are_fractions(values: list[type]) -> bool:
    return any(issubclass(each, fractions.Fraction) for each in values)


def _is_the_librarys(name: str, values: list[type]) -> bool:
    """Whether what a class of values calls so stays what it is: fractions compare by methods of their own,
    which are given the other number.
    """
    return name.startswith("__") or (_are_fractions(values) and hasattr(fractions.Fraction, name))


def _make_shadow(name: str, bases: tuple[type, ...], names: dict[str, Any]) -> type:
    """What ``isinstance`` asks about an object whose class derives from the library's, but has no value."""
    try:
        return types.new_class(name, bases, {}, lambda namespace: namespace.update(names))
    except TypeError:  # classes that don't go together
        return bases[0]


_MAKE: Any = ABCMeta.__new__
FUNCTION = make_class("function", "builtins", [], (special_methods(types.FunctionType), [], "function"))
"""Stands for the class of all functions: for nearly all tests, the only class there is to mirror."""
