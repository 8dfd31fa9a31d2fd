"""The dialogue between the process of a program and the process of its tests: each asks, each answers.

A message is four bytes of length and a JSON array. A question is ``["?", what, news, values...]``, its answer
``["=", places, news, value, contents...]``, or ``["!", ...]`` with an exception in place of the value; places
and contents tell what has been changed of what was sent, news what has become of what both hold
(:mod:`.python_sharing`). While an answer is awaited, the other side may ask.
"""

import copy
import dataclasses
import enum
import importlib
import sys
import threading
import types
from abc import ABC, abstractmethod
from typing import Any

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.messages import PROGRAM, TESTS
from evalsite.grading.inside.python_library import (
    by_name,
    is_known_module,
    kinds,
    name_of,
    plain_value,
    remade,
)
from evalsite.grading.inside.python_sharing import Sharing
from evalsite.grading.inside.python_values import Codec, UnreadableError, UnspeakableError, from_bytes
from evalsite.grading.inside.python_wire import GoneError, Stream, Wire

_FRAMES_HEAD, _FRAMES_TAIL = 10, 20
_TEXT_CHARS, _NAME_CHARS = 4000, 200


class Dialogue(Wire, Codec, ABC):
    """One side of it."""

    def __init__(self, stream: Stream) -> None:
        Wire.__init__(self, stream)
        Codec.__init__(self, kinds())
        mirrors.speak_to(self)
        self._lock = threading.RLock()
        self._ours: list[Any] = []
        self._handles: dict[int, int] = {}
        self._theirs: dict[int, Any] = {}
        self._home: dict[int, int] = {}
        self._kept: list[Any] = []
        self.sharing = Sharing()
        self.frames: dict[int, tuple[BaseException, list[Any]]] = {}

    # Questions

    def ask(self, what: str, *values: Any) -> Any:
        """The other side's answer. Raises what it raised, GoneError, UnreadableError, UnspeakableError."""
        with self._lock:
            news, contents = self.news([]) if self.sharing.is_busy else ([], [])
            try:
                data, sent = self.pack(["?", what, news], values, (), contents)
            except BaseException:
                self.take_back(news)
                raise
            self.send(data)
            while (message := from_bytes(self.receive()))[0] == "?":
                self.answer(message)
            return self._take_answer(message, sent)

    def _take_answer(self, message: list[Any], sent: list[Any]) -> Any:
        if message[0] not in ("=", "!"):
            return self.interrupted(message)
        kind, places, news, *forms = message
        old = self.heard(news)
        (value, *contents), told = self.unpack(forms, sent)
        self.sharing.renew(self, [*(sent[place] for place in places), *old], contents)
        self.note(told)
        if kind != "!":
            return value
        if not isinstance(value, BaseException):
            raise UnreadableError("what was raised is no exception")
        raise self.raised(value)

    def interrupted(self, message: list[Any]) -> Any:
        """What comes in place of an answer."""
        raise UnreadableError(f"{message[0]!r} is no answer")

    def raised(self, exc: BaseException) -> BaseException:
        """What is raised here for what was raised there."""
        return exc

    def answer(self, message: list[Any]) -> None:
        """Answer a question of the other side."""
        _, what, news, *forms = message
        known: list[Any] = []
        before: list[Any] = []
        old: list[Any] = []
        try:
            old = self.heard(news) if news else []
            values, known = self.unpack(forms)
            if old:
                told = len(values) - len(old)
                self.sharing.renew(self, old, values[told:])
                del values[told:]
            before = self.snapshot(known)
            kind, value = "=", getattr(self, f"do_{what}")(*values)
        except (GoneError, UnreadableError):
            raise
        except BaseException as exc:
            kind, value = "!", exc
        values = old = []  # held here alone, the program has not kept it
        places = self.changed(known, before) if known else []
        news, contents = self.news(known) if self.sharing.is_busy else ([], [])
        try:
            contents = [*(known[place] for place in places), *contents]
            data, can_change = self.pack([kind, places, news], [value], known, contents)
        except (TypeError, ValueError, RecursionError, MemoryError, AttributeError) as exc:
            self.take_back(news[-1:])
            data, can_change = self.pack(["!", [], [*news[:-1], []] if news else []], [exc])
        if can_change or self.sharing.is_busy:
            self.note(can_change)
        self.send(data)

    # What both hold

    @abstractmethod
    def news(self, passed: list[Any]) -> tuple[list[Any], list[Any]]:
        """What is to be said of it, and the objects whose contents are told.

        ``passed`` is what the other side has just passed, which is not kept only because of that.
        """

    def take_back(self, news: list[Any]) -> None:
        """These were not said after all, but will be."""
        for number in news[-1] if news else ():
            self.sharing.told.pop(number, None)

    @abstractmethod
    def heard(self, news: list[Any]) -> list[Any]:
        """The objects whose contents the other side tells. Raises UnreadableError."""

    def note(self, told: list[Any]) -> None:
        """Take note of what can be changed in a question and its answer."""
        self.sharing.remember(told)

    def mention(self, value: Any) -> Any:
        """An object that both hold."""
        number = self.sharing.number_of(value)
        return None if number is None else {"R": number}

    # What can be asked

    def do_call(self, target: Any, args: Any, *options: Any) -> Any:
        """Call something. There are no ``options`` (by name), or one dictionary of them."""
        return target(*args, **options[0]) if options else target(*args)

    def do_operate(self, target: Any, name: str, args: Any) -> Any:
        """What a special method of an object's class gives."""
        if name not in mirrors.FORWARDED:
            raise AttributeError(name)
        return getattr(type(target), name)(target, *args)

    def do_get(self, target: Any, name: str) -> Any:
        """An attribute."""
        return getattr(target, name)

    def do_set(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(target, name, value)

    def do_delete(self, target: Any, name: str) -> None:
        """Take an attribute away."""
        delattr(target, name)

    def do_copy(self, target: Any, deep: bool) -> Any:
        """A copy of an object."""
        return copy.deepcopy(target) if deep else copy.copy(target)

    def do_names(self, target: Any) -> Any:
        """What ``dir`` says."""
        return dir(target)

    def do_fields(self, target: Any) -> Any:
        """The names of a dataclass's fields."""
        return [field.name for field in dataclasses.fields(target)]

    # What is done to a stand-in

    def call(self, target: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Call it."""
        return self.ask("call", target, args, *([options] if options else ()))

    def construct(self, cls: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Have a class make an object."""
        return self.call(cls, args, options)

    def operate(self, target: Any, name: str, args: tuple[Any, ...]) -> Any:
        """Use one of its special methods."""
        return self.ask("operate", target, name, args)

    def is_theirs(self, value: Any) -> bool:
        """Whether a value stands in for an object of the other process."""
        return id(value) in self._home

    # Objects that stay where they are

    def write_object(self, value: Any) -> Any:
        """An object by its name, its value, or the number by which the other side may speak of it."""
        handle = self._home.get(id(value))
        if handle is not None:
            return {"O": handle}
        name = name_of(value)
        if name is not None:
            return {"n": name}
        handle = self._handles.get(id(value))
        if isinstance(value, type):
            return {"k": handle if handle is not None else self._describe(value)}
        if isinstance(value, BaseException):
            return self._write_exception(value)
        if isinstance(
            value, types.TracebackType
        ):  # what ``__exit__`` is given; the other side has none of it
            return None
        if isinstance(value, types.ModuleType) and is_known_module(value.__name__):
            return {"m": value.__name__}
        if "numpy" in sys.modules and isinstance(value, sys.modules["numpy"].dtype):
            kind = self.kinds[sys.modules["numpy"].dtype]
            return {kind.tag: [self.write(part) for part in kind.take(value)]}
        named = name_of(type(value)) if isinstance(value, enum.Enum) else None
        if named is not None:
            return {"e": [*named, value.name]}
        if handle is not None:
            return {"o": handle}
        return self._write_new(value)

    def _write_new(self, value: Any) -> Any:
        self.check_export(value)
        cls = type(value)
        if cls is types.FunctionType:
            return {"fn": self._export(value)}
        known = self._handles.get(id(cls))
        form = self._describe(cls) if known is None else known
        base = mirrors.plain_base(cls)
        content = None if base is None else self.write(plain_value(value, base))
        return {"o": [self._export(value), form, content]}

    def check_export(self, value: Any) -> None:
        """Raises UnspeakableError for what is not to be spoken of."""
        if isinstance(value, types.FrameType):
            raise UnspeakableError(f"objects of {type(value).__name__} cannot be passed on")

    def _export(self, value: Any) -> int:
        handle = self._handles[id(value)] = len(self._ours)
        self._ours.append(value)
        return handle

    def _describe(self, cls: type) -> list[Any]:
        handle = self._export(cls)
        known = mirrors.known_type(cls)
        itself = {"n": name_of(cls)} if name_of(cls) else known
        bases = (
            []
            if itself
            else [
                self.write(base)
                for base in cls.__bases__
                if base is not object and base.__module__ != "typing"
            ]
        )
        about = [mirrors.special_methods(cls), mirrors.own_names(cls), itself]
        return [handle, cls.__name__, str(cls.__module__), bases, about]

    def _write_exception(self, exc: BaseException) -> Any:
        try:
            args = self.write(exc.args)
        except (UnspeakableError, RecursionError):
            args = {"t": []}
        try:
            text = str(exc)
        except Exception as again:
            text = f"<its __str__ raised {type(again).__name__}>"
        try:
            attributes = self.write(dict(vars(exc)))
        except (UnspeakableError, RecursionError):
            attributes = {"d": [[], []]}
        frames, left_out = self.frames_of(exc)
        return {"x": [self.write(type(exc)), args, text[:_TEXT_CHARS], attributes, frames, left_out]}

    def frames_of(self, exc: BaseException) -> tuple[list[Any], int]:
        """File, line and function of its frames, those of the other side behind; how many are left out."""
        frames: list[Any] = []
        left_out = 0
        traceback = exc.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename in (PROGRAM, TESTS):
                frames.append([code.co_filename, traceback.tb_lineno or 0, code.co_name[:_NAME_CHARS]])
                if len(frames) > _FRAMES_HEAD + _FRAMES_TAIL:
                    del frames[_FRAMES_HEAD]
                    left_out += 1
            traceback = traceback.tb_next
        if id(exc) in self.frames:
            theirs, more = self.frames[id(exc)][1]
            frames, left_out = [*frames, *theirs], left_out + more
        return frames, left_out

    # Reading them

    def read_object(self, tag: str, content: Any) -> Any:
        """What :meth:`write_object` wrote. Raises UnreadableError."""
        if tag == "O":
            return self._our(content)
        if tag == "o":
            return self._theirs[content] if type(content) is int else self._read_new(*content)
        if tag == "fn":
            return self._adopt(content, object.__new__(mirrors.FUNCTION))
        if tag == "k":
            return self._theirs[content] if type(content) is int else self._read_class(*content)
        if tag == "n":
            return self.read_named(*content)
        if tag == "x":
            return self._read_exception(*content)
        if tag == "e":
            return by_name(*content[:2])[content[2]]
        if tag == "m":
            return self.read_module(content)
        if tag == "R":
            return self.sharing.of([content])[0]
        return super().read_object(tag, content)

    def read_named(self, module: str, name: str) -> Any:
        """A class or function of the library."""
        return by_name(module, name)

    def read_module(self, name: str) -> Any:
        """A module of the library."""
        if not is_known_module(name):
            raise UnreadableError(f"{name} is no module to pass on")
        return importlib.import_module(name)

    def _our(self, handle: int) -> Any:
        if type(handle) is not int or handle < 0:
            raise UnreadableError("no number")
        return self._ours[handle]

    def _adopt(self, handle: int, value: Any) -> Any:
        if type(handle) is not int or handle in self._theirs:
            raise UnreadableError("no new number")
        self._theirs[handle] = value
        self._home[id(value)] = handle
        self._kept.append(value)  # as long as its address stands for it
        return value

    def _read_class(self, handle: int, name: str, module: str, bases: list[Any], about: list[Any]) -> type:
        special, own, itself = about
        known = self.read(itself) if type(itself) is dict else str(itself)
        found = [self.read(base) for base in bases]
        names = str(name)[:_NAME_CHARS], str(module)[:_NAME_CHARS]
        made: type = self._adopt(handle, mirrors.make_class(*names, found, (special, own, known)))
        return made

    def _read_new(self, handle: int, form: Any, content: Any) -> Any:
        cls = self._theirs[form] if type(form) is int else self._read_class(*form)
        base = mirrors.plain_base(cls)
        value = object.__new__(cls) if base is None else remade(cls, base, self.read(content))
        adopted = self._adopt(handle, value)
        if not isinstance(adopted, types.CoroutineType):
            return adopted
        awaited = self._theirs[handle] = self._awaited(adopted)
        self._home[id(awaited)] = handle
        return awaited

    async def _awaited(self, coroutine: Any) -> Any:
        """What a coroutine of the other process gives, once it has come to its end there."""
        return self.ask("await", coroutine)

    def _read_exception(
        self, form: Any, args: Any, text: str, attributes: Any, frames: Any, left_out: int
    ) -> Any:
        cls = self.read(form)
        if not issubclass(cls, BaseException):
            raise UnreadableError("an exception that is none")
        args = self.read(args)
        try:
            exc = BaseException.__new__(cls, *args) if self.is_theirs(cls) else cls(*args)
        except Exception:
            exc = cls.__new__(cls, *args)
        told = self.read(attributes)
        vars(exc).update({name: told[name] for name in told if not name.startswith(mirrors.OURS)})
        if self.is_theirs(cls):
            exc.args = args
            vars(exc)[mirrors.TEXT] = str(text)
        self.frames[id(exc)] = (exc, [frames, left_out])
        return exc
