"""The process of the tests: it runs them, and asks the program's process wherever they use the program.

It was forked from a server that never runs a program. It stays warm: each sample's tests run with names of
their own, from the same state of chance.
"""

import builtins
import marshal
import re
import socket
import sys
import types
from collections.abc import Callable
from typing import Any

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.python_changes import Watched
from evalsite.grading.inside.python_dialogue import Dialogue
from evalsite.grading.inside.python_judging import Judge
from evalsite.grading.inside.python_reports import call_in_short, describe, failing_of, in_short
from evalsite.grading.inside.python_tests import CHANGING, STOPPING
from evalsite.grading.inside.python_values import UnreadableError, UnspeakableError, from_bytes, to_bytes
from evalsite.grading.inside.python_wire import GoneError, begin

_ASKED = frozenset({"call", "operate", "get", "set", "delete", "copy", "names"})
"""What a program may ask of what the tests have handed to it."""
_INSIDE = re.compile(r"__|(?:f|tb|gi|cr|ag|co|func)_")
"""Attributes that lead from objects into the tests."""
_SPOKEN_OF = frozenset({"__name__", "__qualname__", "__doc__", "__module__", "__init__", "__post_init__"})
_CONSTANTS = (int, float, str, bytes)
"""Types of what programs and tests may both give a name, such as a modulus."""


_Ended: Any = type("StopIteration", (RuntimeError,), {"__module__": "builtins"})
"""A StopIteration that ends no iteration of the tests' own."""


class FailedError(BaseException):
    """The program said that it failed; the fields of its report."""


class Names(dict[str, Any]):
    """The names of the tests: their own, and behind them the program's, as they stand there now."""

    def __init__(self, side: "TestsSide", defined: list[str], wanted: list[str], own: frozenset[str]) -> None:
        """``own`` are names of built-ins that the tests mean the program's by."""
        super().__init__(__name__="program", __builtins__=builtins)
        self._side = side
        known = vars(builtins)
        self._defined = {name for name in defined if name not in known or name in own}
        self._wanted = {name for name in wanted if name not in known}
        self.kept: dict[str, Any] = {}
        self.shared: frozenset[str] = frozenset()
        """Names that mean to the program what the tests make of them: those of its module that a right one
        speaks of, too. What else the tests know by a name is not told, whatever a program calls so: it finds
        that its own is gone."""
        self.lent: frozenset[str] = frozenset()
        """Functions and classes of the tests that a program may use by their names."""

    def __missing__(self, name: str) -> Any:
        if name not in self._defined:
            raise KeyError(name)
        if name in self.kept:
            return self.kept[name]
        value = self._side.ask("name", name)
        self.keep(name, value)
        return value

    def keep(self, name: str, value: Any) -> None:
        """Remember what the program's functions and classes are, which need not be asked for again."""
        if isinstance(value, types.FunctionType | type):
            self.kept[name] = value

    def define(self, name: str, value: Any) -> None:
        """Set a name of the program's."""
        self.kept.pop(name, None)
        self._side.tell(name, value)
        self._defined.add(name)

    def undefine(self, name: str) -> None:
        """Take a name of the program's away."""
        self.kept.pop(name, None)
        self._side.ask("undefine", name)
        self._defined.discard(name)

    def _hide(self, name: str, value: Any) -> None:
        """Put something of no use in place of what the program calls so, unless it is this very constant.

        That it is, is told before the first call alone: the expected result of each call may have a name.
        """
        if not self._side.gave and type(value) in _CONSTANTS:
            theirs = self._side.ask("name", name)
            if type(theirs) is type(value) and theirs == value:
                return
        self.kept.pop(name, None)
        self._side.ask("hide", name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        is_theirs = self._side.is_theirs(value)
        is_ours = isinstance(value, types.FunctionType | type) and not is_theirs
        if name in self._defined and not is_ours:
            if is_theirs or name in self.shared or isinstance(value, types.ModuleType):
                self.define(name, value)
            else:
                self._hide(name, value)
        elif name in self._wanted and (
            name in self.lent if is_ours else isinstance(value, types.ModuleType | types.BuiltinFunctionType)
        ):
            self._side.tell(name, value)


class TestsSide(Dialogue):
    """Asks for the tests, and answers only what the program may know."""

    def __init__(self, stream: socket.socket, uncalled: str = "", watched: Watched | None = None) -> None:
        super().__init__(stream)
        self._judge = Judge(self.ask)
        self._uncalled = uncalled
        self._watched = watched
        self._last_held: list[Any] = []
        self.lets_iterations_end = False
        self.gave = ""
        """What came of the last call of the program, in short."""
        self.called: tuple[Any, str] = None, ""
        """What was called last, and with what, in short."""
        self._found: Any = None
        self.names: dict[str, Any] = {}
        """Of the program's functions that the tests have spoken of."""

    def ask(self, what: str, *values: Any) -> Any:
        """As in :class:`Dialogue`, with what the tests have changed about modules told before."""
        if self._watched is not None:
            for question in self._watched.changes():
                super().ask(*question)
        if what != "call":
            return super().ask(what, *values)
        self.called, self.gave = (values[0], call_in_short(*values[1:])), "raised"
        found = super().ask(what, *values)
        self.gave, self._found = f"returned {in_short(found)}", found
        return found

    def failing(self, exc: BaseException) -> tuple[str, ...]:
        """The call that a test failed by, as :func:`describe` takes it."""
        target, given = self.called
        name = next((name for name, value in self.names.items() if value is target), "")
        return failing_of(exc, f"{name}{given}", self._found, self.gave != "raised")

    def tell(self, name: str, value: Any) -> None:
        """Give one of the tests' names to the program; what can't be passed on, it does without."""
        try:
            super().ask("define", name, value)
        except UnspeakableError:
            return

    def interrupted(self, message: list[Any]) -> Any:
        """The program failed outside of what it was asked."""
        if message[0] == "failed":
            raise FailedError(*message[1])
        raise UnreadableError("no answer")

    def raised(self, exc: BaseException) -> BaseException:
        """An exception that would end an iteration of the tests' own is none that they speak of."""
        if isinstance(exc, StopIteration) and not self.lets_iterations_end:
            ended: BaseException = _Ended(*exc.args)
            self.frames[id(ended)] = ended, self.frames[id(exc)][1]
            return ended
        return exc

    # What both hold

    def news(self, passed: list[Any]) -> tuple[list[Any], list[Any]]:  # noqa: ARG002
        """What has changed, also of what came or went with the last answer."""
        places = self.changed(self.sharing.last, self._last_held) if self.sharing.last else []
        changed = self.sharing.differing(self)
        news = [places, changed] if places else [changed] if changed else []
        return news, self.sharing.of(changed, places)

    def heard(self, news: list[Any]) -> list[Any]:
        """What has changed; and what the program has kept of its last answer, and what no longer."""
        kept, dropped, changed = news if len(news) > 1 else ([], [], *(news or [[]]))
        for value in self.sharing.of([], kept):
            self.sharing.share(value)
        self.sharing.forget(dropped)
        self.note([])
        return self.sharing.of(changed)

    def note(self, told: list[Any]) -> None:
        """The program may keep of it what it likes, and the tests may change it."""
        super().note(told)
        self._last_held = self.snapshot(told)

    def mention(self, value: Any) -> Any:
        """Also what came with the last answer: as what the program may have kept, with what it holds now."""
        mentioned = super().mention(value)
        place = self.sharing.places.get(id(value)) if mentioned is None else None
        return mentioned if place is None else {"L": [place, self.write_content(value)]}

    # What is done to the program's objects

    def construct(self, cls: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """An object that the tests build."""
        value = super().construct(cls, args, options)
        if cls.__name__ != self._uncalled:
            self._judge.built.add(id(value))
        return value

    def operate(self, target: Any, name: str, args: tuple[Any, ...]) -> Any:
        """What a special method gives, as far as its answer can be believed."""
        theirs = not args or self.is_theirs(args[0])
        if name in mirrors.COMPARING and not theirs:
            return self._compared(target, name, args[0])
        if name in mirrors.ARITHMETIC and not theirs and id(target) not in self._judge.built:
            return self._judge.calculate(target, name, args[0])
        if name == "__next__":
            return self._next(target)
        value = self.ask("operate", target, name, args)
        if name in mirrors.ARITHMETIC and self.is_theirs(value):
            self._judge.built.add(id(value))
        return value

    def _next(self, target: Any) -> Any:
        try:
            return self.ask("operate", target, "__next__", ())
        except _Ended as exc:
            raise StopIteration(*exc.args) from None

    def _compared(self, target: Any, name: str, other: Any) -> Any:
        if isinstance(type(target), mirrors.MirroredClass) is False:
            return NotImplemented
        if name in ("__eq__", "__ne__"):
            answer = self._judge.equal(target, other)
            return answer if answer is NotImplemented or name == "__eq__" else not answer
        return self._judge.compare(target, name, other)

    # What the program asks

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

    def do_get(self, target: Any, name: str) -> Any:
        """An attribute that says nothing of the tests."""
        self._check_attribute(target, name)
        return super().do_get(target, name)

    def do_set(self, target: Any, name: str, value: Any) -> None:
        """An attribute of an object; the tests' classes and functions stay what they are."""
        self._check_attribute(target, name)
        if isinstance(target, type | types.FunctionType | types.MethodType | types.ModuleType):
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


class Printing:
    """Standard output of the tests: what they print stands among what the program prints."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, side: TestsSide) -> None:
        self._side = side

    def write(self, text: str) -> int:
        """Have the program print it."""
        Dialogue.ask(self._side, "print", str(text))
        return len(text)

    def flush(self) -> None:
        """There is nothing to flush."""

    def isatty(self) -> bool:
        """It is none."""
        return False


class Program(types.ModuleType):
    """The module that the program is, as the tests see it."""

    def __init__(self, names: Names) -> None:
        super().__init__("program")
        vars(self)["_names"] = names

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self)["_names"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self)["_names"].define(name, value)

    def __delattr__(self, name: str) -> None:
        vars(self)["_names"].undefine(name)


def run_tests(
    stream: socket.socket, code: types.CodeType, source: bytes, told: list[str]
) -> list[Any] | None:
    """Have the program run, and run its tests; returns the fields of a report, or None where they pass.

    ``told``: what is :func:`said_of` the tests, how the program is run, the entry point if it is to be a
    function, what is run before, names that both share, then names of built-ins that the tests mean the
    program's by. Raises GoneError where the program has ended, and UnreadableError where it says what no
    program says.
    """
    said, run_as, uncalled, prelude, shared, *builtins_meant = told
    about, *lent = said.split()
    side = TestsSide(stream, uncalled, Watched() if CHANGING in about else None)
    side.lets_iterations_end = STOPPING in about

    def run(defined: list[str], wanted: list[str], entry: Any) -> None:
        names = Names(side, defined, wanted, frozenset(builtins_meant))
        names.shared = frozenset(shared.split())
        names.lent = frozenset(lent)
        names.keep(uncalled, entry)
        side.names = names.kept
        sys.modules["program"] = sys.modules["__main__"] = Program(names)
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = Printing(side)
        try:
            exec(code, names)  # noqa: S102 - the data set's
        finally:
            sys.stdout, sys.stderr = before

    return _report(side, begin(run_as, uncalled, prelude) + source, run)


def have_tests_run(
    stream: socket.socket, code: types.CodeType, source: bytes, told: list[str]
) -> list[Any] | None:
    """As :func:`run_tests`, in the program's own process, which can say what it likes of them."""
    side = TestsSide(stream)
    side.lets_iterations_end = True
    head = begin(told[1], "", told[3])
    return _report(side, head + source, lambda *_: side.ask("test", marshal.dumps(code)))


def _told(exc: BaseException, gave: str) -> BaseException:
    """A failed assertion of the tests that says nothing, with what the last call gave; any other as it is."""
    silent = type(exc) is AssertionError and not exc.args
    return AssertionError(f"the last call {gave}") if silent and gave else exc


def _report(
    side: TestsSide, source: bytes, run: Callable[[list[str], list[str], Any], None]
) -> list[Any] | None:
    side.send(source)
    kind, *said = from_bytes(side.receive())
    if kind != "ready":
        return list(said[0])
    defined, wanted, entry = said
    (found,), _ = side.unpack([entry])
    try:
        run(defined, wanted, found)
        report = None
    except FailedError as exc:
        return list(exc.args)
    except (GoneError, UnreadableError):
        raise
    except BaseException as exc:
        said = exc if id(exc) in side.frames else _told(exc, side.gave)
        report = describe("run", said, *side.frames_of(exc), side.failing(exc))
    side.send(to_bytes(["bye", 0 if report is None else 1]))
    return report
