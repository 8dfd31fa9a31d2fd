"""Values as text, and back: how arguments and results travel between the program's process and the tests'.

The text is JSON, which a parser in C reads safely whoever wrote it. Numbers, strings, truth values and None
stand for themselves and an array is a list; an object with one name, its tag, stands for anything else:
:mod:`.python_library` lists the types of the library that are rebuilt by value, and :mod:`.python_mirrors`
makes stand-ins for objects that have to stay where they are. Nothing but such values is ever built, whatever
a message says.

Lists, dictionaries and other objects that can be changed are numbered in the order in which a message holds
them, so that a second mention (``r``) is the same object, an argument that is returned comes back as itself,
and what was changed in place is told by number.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable
from operator import is_
from types import NoneType
from typing import Any

MOST_BYTES = 64 << 20
MOST_VALUES = 4_000_000
_PLAIN = frozenset({int, float, str, bool, NoneType})
_PLAIN_IDS = frozenset(map(id, _PLAIN))
"""Asked first, since a class may say that it is equal to any other."""
_LONG = 1 << 62
"""Integers beyond are written in base 16: it takes linear time, and no limit on digits stands in the way."""
_SINGLE = {Ellipsis: "...", NotImplemented: "NotImplemented"}
_SINGLE_BY_NAME = {name: value for value, name in _SINGLE.items()}


def _no_value(value: Any) -> Any:
    raise TypeError(f"objects of {type(value).__name__} are no values")


# What json.JSONEncoder and json.JSONDecoder build anew for each message, and look for around it, built once.
_encode: Callable[[Any, int], Iterable[str]] = vars(json.encoder)["c_make_encoder"](
    None, _no_value, vars(json.encoder)["encode_basestring"], None, ":", ",", False, False, True
)
_decode: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]


class UnreadableError(Exception):
    """A message that is none of ours."""


class UnspeakableError(TypeError):
    """A value that cannot travel."""


def to_bytes(message: Any) -> bytes:
    """A message of lists, plain values and tagged objects as bytes."""
    return "".join(_encode(message, 0)).encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> Any:
    """The message that :func:`to_bytes` wrote. Raises UnreadableError, RecursionError, MemoryError."""
    if data.count(b",") > MOST_VALUES:
        raise UnreadableError("a message of too many values")
    try:
        text = data.decode("utf-8", "surrogatepass")
        message, end = _decode(text, 0)
    except (ValueError, StopIteration) as exc:
        raise UnreadableError(str(exc)) from exc
    if end != len(text):
        raise UnreadableError("more than one value")
    return message


class Kind:
    """How objects of one class of the library are taken apart and rebuilt."""

    def __init__(
        self,
        tag: str,
        cls: type,
        take: Callable[[Any], Iterable[Any]],
        make: Callable[..., Any] | None = None,
        fill: Callable[[Any, Any], None] | None = None,
    ) -> None:
        """``take`` gives an object's parts and ``make`` an object of these (the class itself by default).

        ``fill(old, new)`` gives an object that can be changed the contents of another one.
        """
        self.tag, self.cls, self.take, self.make, self.fill = tag, cls, take, make or cls, fill


Kinds = tuple[dict[type, Kind], dict[str, Kind]]
"""Kinds by their classes, and by their tags."""


def _fill_sequence(old: Any, new: Any) -> None:
    old[:] = new


def fill_mapping(old: Any, new: Any) -> None:
    """Give a dictionary the contents of another one."""
    old.clear()
    old.update(new)


_FILLING: dict[type, Callable[[Any, Any], None]] = {
    list: _fill_sequence,
    dict: fill_mapping,
    set: fill_mapping,
}
_SNAPSHOT: dict[type, Callable[[Any], Any]] = {
    list: list,
    dict: lambda value: [*value, *value.values()],
    set: list,
}


class Codec:
    """Writes and reads the values of one side of one dialogue."""

    def __init__(self, kinds: "Kinds") -> None:
        self.kinds, self._by_tag = kinds
        self._numbers: dict[int, int] = {}
        self._numbered: list[Any] = []
        self._is_long = False
        self._count = 0

    # The other side's objects, and ours that stay here, are the business of a subclass.

    def write_object(self, value: Any) -> Any:
        """The tagged form of an object that has no value of its own. Raises UnspeakableError."""
        raise UnspeakableError(f"objects of {type(value).__name__} cannot be passed on")

    def mention(self, value: Any) -> Any:  # noqa: ARG002 - none is known here
        """The form of an object that can be changed and is known from messages before; or None."""
        return None

    def read_object(self, tag: str, content: Any) -> Any:
        """The object that a tag that is not known here stands for. Raises UnreadableError."""
        raise UnreadableError(f"what is {tag!r}, of {type(content).__name__}?")

    # Messages

    def pack(
        self, head: list[Any], values: Iterable[Any], known: Iterable[Any] = (), contents: Iterable[Any] = ()
    ) -> tuple[bytes, list[Any]]:
        """The bytes of a message: plain words, then values; and the objects in it that can be changed.

        ``known`` are such objects of the message that this one answers, ``contents`` those of them whose
        contents are told anew.
        """
        values = list(values)
        for self._is_long in (False, True):
            self._count = 0
            before = self._numbers, self._numbered
            self._numbered = list(known)
            self._numbers = {id(each): number for number, each in enumerate(self._numbered)}
            try:
                data = to_bytes([*head, *map(self.write, values), *map(self.write_content, contents)])
                return data, self._numbered
            except UnspeakableError:
                raise
            except (ValueError, TypeError):  # an integer of too many digits, a class that is no other
                if self._is_long:
                    raise
            finally:
                self._numbers, self._numbered = before
        raise AssertionError

    def as_text(self, value: Any) -> str:
        """A message of this value alone; as :meth:`pack` writes it, but at once where it is plain."""
        cls = type(value)
        if (cls in _PLAIN and cls is not int) or (cls is list and set(map(type, value)) <= _PLAIN):
            with contextlib.suppress(ValueError):  # an integer of too many digits
                return "".join(_encode([value], 0))
        return self.pack([], [value])[0].decode("utf-8", "surrogatepass")

    def unpack(self, values: Iterable[Any], known: Iterable[Any] = ()) -> tuple[list[Any], list[Any]]:
        """The values of a message, and the objects among them that can be changed."""
        before = self._numbered
        self._numbered = list(known)
        try:
            return [self.read(value) for value in values], self._numbered
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as exc:
            raise UnreadableError(f"{type(exc).__name__}: {exc}") from exc
        finally:
            self._numbered = before

    # Writing

    def write(self, value: Any) -> Any:
        """A value as JSON has it."""
        cls = type(value)
        if id(cls) in _PLAIN_IDS:
            return {"i": hex(value)} if cls is int and not -_LONG < value < _LONG else value
        if cls is tuple:
            return {"t": self._write_all(value)}
        if cls is list or cls is dict or cls is set:
            return self._write_changing(value)
        if cls is frozenset:
            return {"f" if _grows_alike(value) else "F": self._write_all(list(value))}
        return self._write_other(cls, value)

    def _write_changing(self, value: Any) -> Any:
        number = self._numbers.get(id(value))
        if number is not None:
            return {"r": number}
        mentioned = self.mention(value)
        return self.write_content(value) if mentioned is None else mentioned

    def write_content(self, value: Any) -> Any:
        """An object that can be changed, with what it holds, whether it was mentioned before or not."""
        cls = type(value)
        self._numbers.setdefault(id(value), len(self._numbered))
        self._numbered.append(value)  # a second time where its contents are told anew: so they are read
        if cls is list:
            return self._write_all(value)
        if cls is dict:
            return {"d": [self._write_all(list(value)), self._write_all(list(value.values()))]}
        if cls is set:
            return {"s" if _grows_alike(value) else "S": self._write_all(list(value))}
        kind = self.kinds[cls]
        return {kind.tag: [self.write(part) for part in kind.take(value)]}

    def _write_all(self, values: Any) -> list[Any]:
        self._count += len(values)
        if self._count > MOST_VALUES:
            raise UnspeakableError(f"more than {MOST_VALUES} values at once cannot be passed on")
        if not self._is_long and set(map(type, values)) <= _PLAIN:
            return list(values)
        return [self.write(each) for each in values]

    def _write_other(self, cls: type, value: Any) -> Any:
        kind = self.kinds.get(cls)
        if kind is None or kind.cls is not cls:
            single = value is Ellipsis or value is NotImplemented
            return {"1": _SINGLE[value]} if single else self.write_object(value)
        if kind.fill is not None:
            return self._write_changing(value)
        return {kind.tag: [self.write(part) for part in kind.take(value)]}

    # Reading

    def read(self, form: Any) -> Any:
        """The value that :meth:`write` wrote."""
        cls = type(form)
        if cls is list:
            value: Any = []
            self._numbered.append(value)
            value += self._read_all(form)
            return value
        if cls is not dict:
            return form
        ((tag, content),) = form.items()
        if tag == "t":
            return tuple(self._read_all(content))
        if tag == "d":
            value = {}
            self._numbered.append(value)
            keys, values = map(self._read_all, content)
            value.update(zip(keys, values, strict=True))
            return value
        if tag == "r":
            return self._numbered[content] if content >= 0 else None
        if tag in ("s", "S"):
            value = set()
            self._numbered.append(value)
            items = self._read_all(content)
            value.update(items if tag == "s" else set(items))
            return value
        return self._read_other(tag, content)

    def _read_all(self, forms: list[Any]) -> list[Any]:
        return forms if set(map(type, forms)) <= _PLAIN else [self.read(form) for form in forms]

    def _read_other(self, tag: str, content: Any) -> Any:
        if tag == "i":
            return int(content, 16)
        if tag in ("f", "F"):
            items = self._read_all(content)
            return frozenset(items if tag == "f" else set(items))
        if tag == "1":
            return _SINGLE_BY_NAME[content]
        kind = self._by_tag.get(tag)
        if kind is None:
            return self.read_object(tag, content)
        if kind.fill is None:
            return kind.make(*self._read_all(content))
        place = len(self._numbered)
        self._numbered.append(None)
        self._numbered[place] = kind.make(*self._read_all(content))
        return self._numbered[place]

    def read_again(self, old: Any, form: Any) -> Any:
        """An object that is here already, with what it holds now."""
        place = len(self._numbered)
        self.fill(old, self.read(form))
        self._numbered[place] = old
        return old

    # What was changed in place

    def snapshot(self, values: Iterable[Any]) -> list[Any]:
        """What objects that can be changed hold now, for :meth:`changed`."""
        return [self._holds(value) for value in values]

    def changed(self, values: Iterable[Any], snapshot: Iterable[Any]) -> list[int]:
        """The places of those that hold something else than they did."""
        return [
            number
            for number, (value, before) in enumerate(zip(values, snapshot, strict=True))
            if not same(self._holds(value), before)
        ]

    def _holds(self, value: Any) -> Any:
        cls = type(value)
        if cls in _SNAPSHOT:
            return _SNAPSHOT[cls](value)
        return list(self.kinds[cls].take(value)) if cls in self.kinds else []

    def fill(self, old: Any, new: Any) -> None:
        """Give an object the contents of another one of its class."""
        if type(old) is not type(new):
            raise UnreadableError("a change of another class")
        cls = type(old)
        fill = _FILLING.get(cls) or self.kinds[cls].fill
        if fill is None:
            raise UnreadableError("a change of what cannot be changed")
        fill(old, new)


def _grows_alike(value: Any) -> bool:
    """Whether a set that is filled one by one has its order; a copy of another set has less room, and so,
    it may be, another order.
    """
    return all(map(is_, value, set(iter(value))))


def same(one: Any, other: Any) -> bool:
    """Whether two lists hold the same objects, or else equal ones of plain classes in lists of parts."""
    if len(one) != len(other):
        return False
    return all(map(is_, one, other)) or all(
        a is b
        or (type(a) is type(b) and (type(a) in _PLAIN or type(a) is bytes) and a == b)
        or (type(a) is list and type(b) is list and same(a, b))
        for a, b in zip(one, other, strict=True)
    )


def named(module: str, name: str) -> Any:
    """A class or function of a module that is loaded here; None where there is none."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found
