"""What a program may do with what the tests have handed to it: it is trusted with their objects, and not with
what these lead to.
"""

import contextlib
import re
import types
from collections.abc import Iterable, Iterator
from typing import Any

from evalsite.grading.inside.python_dialogue import Dialogue
from evalsite.grading.inside.python_names import Names
from evalsite.grading.inside.python_values import UnreadableError, UnspeakableError

_ASKED = frozenset({"call", "operate", "get", "set", "delete", "copy", "names"})
"""What a program may ask of what the tests have handed to it."""
_INSIDE = re.compile(r"__|(?:f|tb|gi|cr|ag|co|func)_")
"""Attributes that lead from objects into the tests."""
_SPOKEN_OF = frozenset({"__name__", "__qualname__", "__doc__", "__module__", "__init__", "__post_init__"})
_DEFINED = (types.FunctionType, types.MethodDescriptorType, classmethod, staticmethod)
"""What a class defines for its objects to do, other than the data that it gives them to begin with."""


class Handing(Dialogue):
    """Answers only what a program may know of the tests."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lent: set[int] = set()
        """Functions and classes, with their methods, that the program has by their names."""
        self._lending: set[int] | None = None
        """What the program has given to the one of them that it calls."""

    def answer(self, message: list[Any]) -> None:
        """Answer what a program may ask, of what it was handed. Raises UnreadableError for anything else."""
        _, what, news, target, *_ = message
        if what not in _ASKED or type(target) is not dict or list(target) != ["O"]:
            raise UnreadableError(f"a program may not ask for {what!r} of that")
        if not news:
            self.note([])
        super().answer(message)

    def check_export(self, value: Any) -> None:
        """The way from a program to the tests' own values leads through no object of the interpreter's."""
        super().check_export(value)
        if isinstance(value, types.CodeType | types.CoroutineType | Names | Dialogue):
            raise UnspeakableError(f"objects of {type(value).__name__} cannot be passed on")

    # Attributes

    def do_get(self, target: Any, name: str) -> Any:
        """An attribute that says nothing of the tests."""
        self._check_attribute(target, name)
        with self._lending_to(target, ()):
            return super().do_get(target, name)

    def do_set(self, target: Any, name: str, value: Any) -> None:
        """An attribute of an object; what the tests define stays what it is, and nothing hides it."""
        self._check_attribute(target, name)
        if isinstance(target, type | types.FunctionType | types.MethodType | types.ModuleType) or _is_defined(
            type(target), name
        ):
            raise AttributeError(f"{name} of what the tests define cannot be set")
        super().do_set(target, name, value)

    def do_delete(self, target: Any, name: str) -> None:
        """See :meth:`do_set`."""
        self.do_set(target, name, None)
        super().do_delete(target, name)

    def do_names(self, target: Any) -> Any:
        """Those that can be had."""
        return [name for name in dir(target) if not _INSIDE.match(name)]

    @staticmethod
    def _check_attribute(target: Any, name: str) -> None:
        if type(name) is not str or (_INSIDE.match(name) and name not in _SPOKEN_OF):
            raise AttributeError(f"{name!r} is not for programs")
        if isinstance(target, types.ModuleType):
            raise AttributeError(f"{name!r} of a module of the tests is not for programs")

    # What is lent by its name

    def lend(self, value: Any) -> None:
        """Take note of a function or class that the program has by its name.

        It may be a test, which says by how it ends whether an answer would be right. So while the program
        calls it, it calls nothing of the program's in turn but what it is given.
        """
        methods = vars(value).values() if isinstance(value, type) else ()
        self._lent |= {id(value), *(id(getattr(each, "__func__", each)) for each in methods)}

    def do_call(self, target: Any, args: Any, *options: Any) -> Any:
        """See :class:`Dialogue`, and :meth:`lend`."""
        given = [*args, *(each for named in options for each in named.values())]
        with self._lending_to(target, given):
            return super().do_call(target, args, *options)

    def do_operate(self, target: Any, name: str, args: Any) -> Any:
        """See :class:`Dialogue`, and :meth:`lend`."""
        with self._lending_to(target, args):
            return super().do_operate(target, name, args)

    @contextlib.contextmanager
    def _lending_to(self, target: Any, given: Iterable[Any]) -> Iterator[None]:
        owner = target.__self__ if isinstance(target, types.MethodType) else target
        if self._lent.isdisjoint({id(target), id(owner), id(type(owner))}):
            yield
            return
        before, self._lending = self._lending, {*map(id, given)}
        try:
            yield
        finally:
            self._lending = before

    def ask(self, what: str, *values: Any) -> Any:
        """As in :class:`Dialogue`. Raises RuntimeError for what is lent and calls the program."""
        if self._lending is not None and what == "call" and id(values[0]) not in self._lending:
            raise RuntimeError("what the tests lend to a program calls nothing of it but what it is given")
        return super().ask(what, *values)


def _is_defined(cls: type, name: str) -> bool:
    """Whether a class, or one that it derives from, defines under that name what its objects do."""
    found = next((vars(each)[name] for each in cls.__mro__ if name in vars(each)), None)
    is_field = any(name in vars(each).get("__annotations__", {}) for each in cls.__mro__)
    return isinstance(found, _DEFINED) and not is_field
