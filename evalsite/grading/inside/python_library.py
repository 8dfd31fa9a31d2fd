"""What of the standard library is rebuilt by value: its classes taken apart, and what goes by its name."""

import array
import collections
import datetime
import decimal
import fractions
import functools
import pathlib
import re
import sys
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from evalsite.grading.inside.python_values import Kind, Kinds, UnreadableError, fill_mapping, named

_KEYS: type[Any] = type({}.keys())
_VALUES: type[Any] = type({}.values())
_ITEMS: type[Any] = type({}.items())

_NAMED_MODULES = """
abc array bisect builtins calendar cmath collections collections.abc contextlib copy dataclasses datetime
decimal enum fractions functools heapq itertools json json.decoder math numbers numpy operator pathlib queue
random re statistics string textwrap time types typing unicodedata uuid zoneinfo
"""
MODULES = frozenset(_NAMED_MODULES.split())
"""Whose classes go by their names: neither side would gain anything by the other one's having it."""
_FUNCTIONS = frozenset({"builtins", "math", "cmath", "operator", "_operator"})
"""Whose functions do."""
_ACTING = """
__import__ breakpoint compile delattr dir eval exec globals input locals open print setattr vars
"""
_NOT = frozenset(_ACTING.split())
"""But for these, which do something to the process that they run in."""


def name_of(value: Any) -> list[str] | None:
    """Module and name of a class or function of the library that goes by its name."""
    cls = type(value)
    if isinstance(value, type):
        module, name = type.__getattribute__(value, "__module__"), value.__qualname__
        allowed = MODULES
    elif (
        cls is types.MethodDescriptorType
    ):  # ``str.lower``: what calls ``str.format`` looks around where it is
        module, name, allowed = value.__objclass__.__module__, value.__qualname__, MODULES
    elif cls is types.BuiltinFunctionType:
        module, name, allowed = value.__module__, value.__qualname__, _FUNCTIONS
        if module == "builtins" and name in _NOT:
            return None
    else:
        return None
    ours = isinstance(module, str) and (module in allowed or module.startswith("numpy."))
    return [module, name] if ours and named(module, name) is value else None


def by_name(module: Any, name: Any) -> Any:
    """What :func:`name_of` named, and nothing else. Raises UnreadableError."""
    found = named(module, name)
    if found is None or name_of(found) != [module, name]:
        raise UnreadableError(f"{module}.{name} does not go by its name")
    return found


def is_known_module(name: Any) -> bool:
    """Whether a module goes by its name: those of the library that do, and any that is loaded."""
    return name in MODULES or (name.partition(".")[0] in sys.stdlib_module_names and name in sys.modules)


def _pairs(value: Any) -> list[list[Any]]:
    return [list(dict.keys(value)), list(dict.values(value))]


def _ordered(keys: Any, values: Any) -> Any:
    return collections.OrderedDict(zip(keys, values, strict=True))


def _counter(keys: Any, values: Any) -> Any:
    counter: Any = collections.Counter()
    dict.update(counter, zip(keys, values, strict=True))
    return counter


def _default(factory: Any, keys: Any, values: Any) -> Any:
    return collections.defaultdict(factory, zip(keys, values, strict=True))


def _fill_items(old: Any, new: Any) -> None:
    old.clear()
    old.extend(new)


def _fill_slice(old: Any, new: Any) -> None:
    old[:] = new


def _fill_maps(old: Any, new: Any) -> None:
    old.maps = new.maps


def _fill_data(old: Any, new: Any) -> None:
    old.data = new.data


def _held(value: Any) -> list[Any]:
    return [value.data]


def _around(cls: Any) -> Callable[[Any], Any]:
    """Make an object that holds this very list or dictionary, so that what changes one changes the other."""

    def make(data: Any) -> Any:
        made = cls()
        made.data = data
        return made

    return make


def _fill_space(old: Any, new: Any) -> None:
    fill_mapping(vars(old), vars(new))


def _fill_counter(old: Any, new: Any) -> None:
    dict.clear(old)
    dict.update(old, new)


def _date_fields(value: datetime.date) -> list[int]:
    return [value.year, value.month, value.day]


def _datetime_fields(value: datetime.datetime) -> list[Any]:
    return [*_date_fields(value), *_time_fields(value)]


def _span_parts(value: datetime.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


def _range_parts(value: Any) -> list[Any]:
    return [value.start, value.stop, value.step]


def _array_parts(value: Any) -> list[Any]:
    return [value.typecode, value.tobytes()]


def _time_fields(value: Any) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, _zone(value), value.fold]


def _zone(value: Any) -> Any:
    """A zone that says the same of this time, and runs no code of a program's when it is asked."""
    zone = value.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return zone
    key = getattr(zone, "key", None)
    if isinstance(key, str) and type(zone).__module__ == "zoneinfo":
        return _NamedZone(key)
    offset = value.utcoffset()
    return None if offset is None else datetime.timezone(offset)


class _NamedZone(str):
    __slots__ = ()


def _make_zone(key: str) -> Any:
    if not re.fullmatch(r"[\w+-]+(/[\w+-]+)*", key):
        raise UnreadableError("no name of a zone")
    return zoneinfo.ZoneInfo(key)


def _make_datetime(*fields: Any) -> Any:
    *others, fold = fields
    return datetime.datetime(*others, fold=fold)


def _make_time(*fields: Any) -> Any:
    *others, fold = fields
    return datetime.time(*others, fold=fold)


class Forged:
    """What claims to be of a class of the library, and is equal to nothing."""


def _of(*types_: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Parts have to be of just these classes: nothing of a program's hides in what the library holds."""

    def strict(make: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*parts: Any) -> Any:
            return make(*parts) if tuple(map(type, parts)) == types_ else Forged()

        return checked

    return strict


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _text(value: Any) -> list[str]:
    return [bytes(value).decode("latin-1")]


def _timezone(offset: Any, name: str) -> Any:
    return datetime.timezone(offset, name) if name else datetime.timezone(offset)


def _timezone_parts(value: Any) -> list[Any]:
    offset, *name = value.__getinitargs__()
    return [offset, name[0] if name else ""]


def _uuid(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def _memory_parts(value: memoryview) -> list[Any]:
    return [value.tobytes(), value.format, list(value.shape or ())]


def _make_memory(data: bytes, form: str, shape: list[int]) -> Any:
    view: Any = memoryview(data)
    return view if form == "B" and len(shape) == 1 else view.cast(form, shape)


@functools.cache
def kinds() -> Kinds:
    """Every class of the library whose objects travel by value; found once, when all modules are loaded."""
    found = [*_data_kinds(), *_container_kinds(), *_number_kinds(), *_time_kinds(), *_numpy_kinds()]
    return {kind.cls: kind for kind in found}, {kind.tag: kind for kind in found}


def _data_kinds() -> list[Kind]:
    return [
        Kind("b", bytes, _text, _of(str)(_bytes)),
        Kind("B", bytearray, _text, _of(str)(lambda text: bytearray(_bytes(text))), _fill_slice),
        Kind("memory", memoryview, _memory_parts, _of(bytes, str, list)(_make_memory)),
        Kind("array", array.array, _array_parts, _of(str, bytes)(array.array), _fill_slice),
        Kind("range", range, _range_parts, _of(int, int, int)(range)),
        Kind("slice", slice, _range_parts),
        Kind("UUID", uuid.UUID, lambda value: [value.int], _of(int)(_uuid)),
        Kind("pattern", re.Pattern, lambda value: [value.pattern, value.flags], re.compile),
        Kind("Path", pathlib.PosixPath, lambda value: [str(value)], _of(str)(pathlib.PosixPath)),
        Kind("PurePath", pathlib.PurePosixPath, lambda value: [str(value)], _of(str)(pathlib.PurePosixPath)),
    ]


def _container_kinds() -> list[Kind]:
    default, space = collections.defaultdict, types.SimpleNamespace
    return [
        Kind("keys", _KEYS, lambda value: [list(value)], lambda keys: dict.fromkeys(keys).keys()),
        Kind("values", _VALUES, lambda value: [list(value)], lambda each: dict(enumerate(each)).values()),
        Kind("items", _ITEMS, lambda value: [list(value)], lambda items: dict(items).items()),
        Kind("proxy", types.MappingProxyType, lambda value: [dict(value)]),
        Kind("space", space, lambda value: [dict(vars(value))], lambda names: space(**names), _fill_space),
        Kind("Counter", collections.Counter, _pairs, _counter, _fill_counter),
        Kind("Ordered", collections.OrderedDict, _pairs, _ordered, fill_mapping),
        Kind(
            "Default", default, lambda value: [value.default_factory, *_pairs(value)], _default, fill_mapping
        ),
        Kind("Chain", collections.ChainMap, lambda value: list(value.maps), fill=_fill_maps),
        Kind("deque", collections.deque, lambda value: [list(value), value.maxlen], fill=_fill_items),
        Kind("UserDict", collections.UserDict, _held, _of(dict)(_around(collections.UserDict)), _fill_data),
        Kind("UserList", collections.UserList, _held, _of(list)(_around(collections.UserList)), _fill_data),
        Kind("UserString", collections.UserString, _held, _of(str)(collections.UserString)),
    ]


def _number_kinds() -> list[Kind]:
    fraction = fractions.Fraction
    return [
        Kind("c", complex, lambda value: [value.real, value.imag], _of(float, float)(complex)),
        Kind("Decimal", decimal.Decimal, lambda value: [str(value)], _of(str)(decimal.Decimal)),
        Kind(
            "Fraction", fraction, lambda value: [value.numerator, value.denominator], _of(int, int)(fraction)
        ),
    ]


def _time_kinds() -> list[Kind]:
    span, date = datetime.timedelta, datetime.date
    return [
        Kind("date", date, _date_fields, _of(int, int, int)(date)),
        Kind("datetime", datetime.datetime, _datetime_fields, _make_datetime),
        Kind("time", datetime.time, _time_fields, _make_time),
        Kind("timedelta", span, _span_parts, _of(int, int, int)(span)),
        Kind("timezone", datetime.timezone, _timezone_parts, _of(span, str)(_timezone)),
        Kind("zone", _NamedZone, lambda value: [str(value)], _of(str)(_make_zone)),
        Kind("ZoneInfo", zoneinfo.ZoneInfo, lambda value: [value.key], _of(str)(_make_zone)),
    ]


def _numpy_kinds() -> list[Kind]:
    """Arrays, scalars and types of numpy's, where it is loaded."""
    if "numpy" not in sys.modules:
        return []
    numpy: Any = sys.modules["numpy"]

    def dtype(form: Any) -> Any:
        fields = [tuple(field) for field in form] if type(form) is list else form
        return numpy.dtype(fields)

    def form_of(value: Any) -> Any:
        return value.str if value.names is None else [list(field) for field in value.descr]

    def take(value: Any) -> list[Any]:
        held = value.ravel().tolist() if value.dtype.hasobject else value.tobytes()
        return [form_of(value.dtype), list(value.shape), held]

    def make(form: Any, shape: list[int], held: Any) -> Any:
        kind = dtype(form)
        if not kind.hasobject:
            return numpy.frombuffer(_of(bytes)(bytes)(held), kind).reshape(shape).copy()
        array = numpy.empty(len(held), kind)
        for place, value in enumerate(held):
            array[place] = value
        return array.reshape(shape)

    def make_scalar(form: Any, held: Any) -> Any:
        return make(form, [1], held)[0]

    def fill(old: Any, new: Any) -> None:
        old[...] = new

    found: dict[str, type] = {
        name: cls
        for name, cls in vars(numpy).items()
        if isinstance(cls, type) and issubclass(cls, numpy.generic) and cls.__name__ == name
    }
    scalars = [cls for cls in found.values() if cls not in (numpy.object_, numpy.generic)]
    return [
        Kind("ndarray", numpy.ndarray, take, make, fill),
        Kind("dtype", numpy.dtype, lambda value: [form_of(value)], dtype),
        *(
            Kind(
                f"numpy.{cls.__name__}",
                cls,
                lambda value: [form_of(value.dtype), value.tobytes()],
                make_scalar,
            )
            for cls in scalars
        ),
    ]


def plain_value(value: Any, base: Any) -> Any:
    """The value of an object of a derived class, whatever that class says of it."""
    if base is float:
        return float.__float__(value)
    if base in (int, str, bytes):
        return base.__getnewargs__(value)[0]
    kind = kinds()[0].get(base)
    return kind.make(*kind.take(value)) if kind is not None else base(base.__iter__(value))


def remade(cls: Any, base: Any, content: Any) -> Any:
    """An object of a class that derives from values that never change. Raises UnreadableError."""
    if type(content) is not base:
        raise UnreadableError("a value of another class")
    if base in (int, float, str, bytes, tuple, frozenset, complex):
        return base.__new__(cls, content)
    _, args = content.__reduce__()[:2]
    return base.__new__(cls, *args)
