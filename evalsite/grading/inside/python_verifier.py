"""The process of the tests: it runs them, and asks the program's process wherever they use the program.

It was forked from a server that never runs a program. It stays warm: each sample's tests run with names of
their own, from the same state of chance.
"""

import marshal
import socket
import sys
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.python_blocks import Blocks
from evalsite.grading.inside.python_changes import Watched
from evalsite.grading.inside.python_handing import Handing
from evalsite.grading.inside.python_judging import Judge
from evalsite.grading.inside.python_names import Names, Program
from evalsite.grading.inside.python_reports import call_in_short, describe, failing_of, in_short
from evalsite.grading.inside.python_tests import CHANGING, STOPPING
from evalsite.grading.inside.python_values import UnreadableError, UnspeakableError, from_bytes, to_bytes
from evalsite.grading.inside.python_wire import GoneError, begin

_ENDED: dict[type[BaseException], Any] = {
    kind: type(kind.__name__, (RuntimeError,), {"__module__": "builtins"})
    for kind in (StopIteration, StopAsyncIteration, GeneratorExit)
}
"""Exceptions that end iterations, and what ends none of the tests' own in their place."""
_Ended: Any = _ENDED[StopIteration]
_KEEPING = mirrors.ARITHMETIC | {"__neg__", "__pos__", "__abs__", "__invert__"}
"""Operators that make of objects that the tests have built another one of these."""


class FailedError(BaseException):
    """The program said that it failed; the fields of its report."""


class TestsSide(Handing):
    """Asks for the tests, and answers only what the program may know."""

    def __init__(self, stream: socket.socket, uncalled: str = "", watched: Watched | None = None) -> None:
        super().__init__(stream)
        self._judge = Judge(self.ask)
        self._blocks = Blocks()
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
        self._blocks.asked += 1
        if what == "get" and (judged := self._judge.method(*values)) is not None:
            return judged
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
        kind = next((kind for kind in _ENDED if isinstance(exc, kind)), None)
        if kind is None or self.lets_iterations_end:
            return exc
        ended: BaseException = _ENDED[kind](*exc.args)
        self.frames[id(ended)] = ended, self.frames[id(exc)][1]
        return ended

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
        if self.is_theirs(value) and cls is not self.names.get(self._uncalled):
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
        if name == "__exit__":
            return self._leave(target, args)
        if name == "__getitem__" and isinstance(target, Counter):
            return self._judge.count(target, args[0])
        value = self.ask("operate", target, name, args)
        if name == "__enter__":
            self._blocks.enter(target)
        if name in _KEEPING and self.is_theirs(value) and self._judge.has_built(target, *args):
            self._judge.built.add(id(value))
        return value

    def _leave(self, target: Any, args: tuple[Any, ...]) -> Any:
        exc = next((each for each in args if isinstance(each, BaseException)), None)
        may_swallow = exc is None or self._blocks.may_swallow(target, exc)
        return self.ask("operate", target, "__exit__", args) and may_swallow

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
        exec(code, names)  # noqa: S102 - the data set's

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
