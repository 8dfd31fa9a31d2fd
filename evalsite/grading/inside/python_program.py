"""The process of a program: it is told the program, runs it, and answers what the tests ask of it.

It was forked from a server that never saw a test and holds none: what the tests know, they ask about here.
"""

import _socket  # whose sockets have no Python code around them, which each sample would go through
import collections
import contextlib
import importlib
import marshal
import os
import resource
import socket
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

from evalsite.grading.inside.beforehand import take_up_hooks
from evalsite.grading.inside.messages import PROGRAM
from evalsite.grading.inside.python_dialogue import Dialogue
from evalsite.grading.inside.python_library import kinds
from evalsite.grading.inside.python_reports import describe
from evalsite.grading.inside.python_script import Script, ScriptFailedError, run_script
from evalsite.grading.inside.python_values import Codec, from_bytes, named, to_bytes
from evalsite.grading.inside.python_wire import GoneError, Stream

_MOST_TEXT = 4 << 20
"""Characters of what calls give that are told at once."""
_NO_LIMIT_S = 60.0
"""Seconds that a script may use where nothing limits CPU time."""
_ROOM = 1000
"""Calls within calls that telling of a failure may take, whatever the program has allowed."""


class ProgramSide(Dialogue):
    """Answers for the program."""

    def __init__(self, stream: Stream, module: types.ModuleType) -> None:
        super().__init__(stream)
        self.module = module
        self.entry = ""
        """The entry point, where a right program defines a function of that name."""
        self.prelude = ""
        """Source whose names a program may use."""
        self.given: dict[str, Any] = {}
        """Those names, and what they stand for."""
        self.script: Script | None = None
        self._unsaid: tuple[list[int], list[int]] = [], []
        self._stopped: tuple[Any, BaseException | None] = None, None
        self._originals: dict[tuple[str, str], Any] = {}

    def news(self, passed: list[Any]) -> tuple[list[Any], list[Any]]:
        """What the program has kept of its last answer, what it keeps no longer, and what has changed."""
        kept, dropped = self.sharing.review(passed)
        kept[:0], dropped[:0] = self._unsaid
        self._unsaid = [], []
        changed = self.sharing.differing(self)
        news = [kept, dropped, changed] if kept or dropped else [changed] if changed else []
        return news, self.sharing.of(changed)

    def take_back(self, news: list[Any]) -> None:
        """See :class:`Dialogue`."""
        super().take_back(news)
        if len(news) > 1:
            self._unsaid = news[0], news[1]

    def heard(self, news: list[Any]) -> list[Any]:
        """What has changed, also of what came with the last answer."""
        return self.sharing.of(news[-1], *news[:-1]) if news else []

    def read_object(self, tag: str, content: Any) -> Any:
        """Also what came or went with the last answer, and the program may have kept."""
        if tag != "L":
            return super().read_object(tag, content)
        place, form = content
        (old,) = self.sharing.of([], [place])
        return self.read_again(old, form)

    def do_name(self, name: str) -> Any:
        """What a name of the program's own stands for."""
        return vars(self.module)[name]

    def do_call_each(self, target: Any, inputs: str) -> list[Any]:
        """Call it with one list of arguments after the other; what each gives, as lines of text, and whether
        something was given or raised at the end that is no text (:meth:`do_stopped`).
        """
        texts: list[str] = []
        size, codec = 0, Codec(kinds())
        for args in from_bytes(inputs.encode("utf-8", "surrogatepass")):
            try:
                value = target(*args)
            except BaseException as exc:
                self._stopped = None, exc
                return ["\n".join(texts), True]
            try:
                texts.append(codec.as_text(value))
            except (TypeError, ValueError, RecursionError, MemoryError, AttributeError):
                self._stopped = value, None
                return ["\n".join(texts), True]
            size += len(texts[-1])
            if size > _MOST_TEXT:
                break
        return ["\n".join(texts), False]

    def do_script(self, entered: str, parts: int) -> str:
        """What the program prints that is run anew with this input, in one of so many parts of its time."""
        assert self.script is not None
        limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
        cpu_s = limit / parts if limit > 0 else _NO_LIMIT_S
        try:
            return run_script(self.script, entered, cpu_s)
        except ScriptFailedError as exc:
            self.send(to_bytes(["failed", list(exc.args)]))
            raise GoneError from exc

    def do_stopped(self) -> Any:
        """What came last, and is no text."""
        (value, exc), self._stopped = self._stopped, (None, None)
        if exc is not None:
            raise exc
        return value

    def do_define(self, name: str, value: Any) -> None:
        """A name that the tests bind, and that the program means."""
        setattr(self.module, name, value)

    def do_hide(self, name: str) -> None:
        """A name that the tests bind to what the program is not told."""
        setattr(self.module, name, object())

    def do_undefine(self, name: str) -> None:
        """A name of its own that the tests unbind."""
        delattr(self.module, name)

    def do_patch(self, module: str, name: str, value: Any) -> None:
        """What the tests put in place of a part of a module's."""
        found = importlib.import_module(module)
        self._originals.setdefault((module, name), getattr(found, name, None))
        setattr(found, name, value)

    def do_unpatch(self, module: str, name: str) -> None:
        """Where they took it away again."""
        setattr(importlib.import_module(module), name, self._originals.pop((module, name)))

    def do_environ(self, variables: dict[str, str]) -> None:
        """What the tests made of the environment."""
        os.environ.clear()
        os.environ.update(variables)

    def do_equal(self, target: Any, others: list[Any]) -> list[Any]:
        """What an object says it equals, of many values."""
        return [_true(target, "__eq__", other) for other in others]

    def do_compare(self, target: Any, others: list[Any]) -> list[list[Any]]:
        """Where an object says that it lies, among many values: whether below, at and above each."""
        return [[_true(target, name, other) for name in ("__lt__", "__eq__", "__gt__")] for other in others]

    def do_calculate(self, target: Any, name: str, others: list[Any]) -> list[Any]:
        """What one of its operators gives, with many values."""
        return [getattr(type(target), name)(target, other) for other in others]

    def do_contents(self, target: Any) -> Any:
        """What an object holds whose class derives from a list, a dictionary or their like."""
        if isinstance(target, dict):
            return dict(dict.items(target))
        for cls in (list, set, bytearray):
            if isinstance(target, cls):
                base: Any = cls
                return base(base.__iter__(target))
        if isinstance(target, collections.UserList | collections.UserString):
            return target.data
        if hasattr(target, "keys"):
            return {key: target[key] for key in target.keys()}  # noqa: SIM118 - a mapping of the program's
        return set(target)

    def do_await(self, target: Any) -> Any:
        """What a coroutine gives."""
        import asyncio

        async def run() -> Any:
            return await target

        return asyncio.run(run())

    def do_test(self, code: bytes) -> None:
        """Run tests that can't be run elsewhere, in the program's own process."""
        exec(marshal.loads(code), vars(self.module))  # noqa: S102, S302 - what the tests' own process wrote

    def read_named(self, module: str, name: str) -> Any:
        """Any part of a module, whatever the program has put there."""
        return named(module, name)

    def read_module(self, name: str) -> Any:
        """Any module that the tests name."""
        return importlib.import_module(name)


def _true(target: Any, name: str, other: Any) -> Any:
    try:
        answer = getattr(type(target), name)(target, other)
    except Exception:
        return None
    return None if answer is NotImplemented else bool(answer)


def prepare(descriptor: int) -> Callable[[], NoReturn]:
    """All that a program's process needs besides its program, made before it is forked.

    What is returned runs the program that the connection tells, and answers for it until the tests are done.
    The connection is at ``descriptor`` by then; nothing is here.
    """
    leave, flush = os._exit, sys.stdout.flush
    module = sys.modules["program"] = types.ModuleType("program")
    stream = _connection_at(descriptor)
    side = ProgramSide(stream, module)

    def run() -> NoReturn:
        take_up_hooks()
        os.register_at_fork(after_in_child=stream.close)  # a child answers for nobody
        status = converse(side)
        with contextlib.suppress(BaseException):  # the program may have closed what its output goes through
            flush()
        leave(status)

    return run


def _connection_at(descriptor: int) -> _socket.socket:
    """A connection that has this descriptor, and does not exist yet; one of its kind is lent to make it."""
    lent, other = socket.socketpair()
    with lent, other:
        os.dup2(lent.fileno(), descriptor)
    stream = _socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)
    os.close(descriptor)
    return stream


def converse(side: ProgramSide) -> int:
    """Do what the tests ask for, until they are done; returns the status to leave with."""
    stage = "compile"
    names = vars(side.module)
    try:
        head = side.receive().decode("utf-8", "surrogatepass")
        run_as, side.entry, side.prelude, source = head.split("\0", 3)
        mode, begin = RUN_AS[run_as]
        program = compile(source, PROGRAM, mode, dont_inherit=True)
        stage = "run"
        begin(side, program)
        defined = [name for name in tuple(names) if not name.startswith("__")]  # a thread may make more
        if given := side.given:
            defined = [name for name in defined if name not in given or given[name] is not names[name]]
        wanted = list(_wanted(program).difference(defined))
        asked = names.get(side.entry)
        at_once = asked if isinstance(asked, types.FunctionType) else None
        side.send(side.pack(["ready", defined, wanted], [at_once])[0])
        while (message := from_bytes(side.receive()))[0] == "?":
            side.answer(message)
        return int(message[1])
    except GoneError:
        return 1
    except BaseException as exc:
        with contextlib.suppress(BaseException):
            sys.setrecursionlimit(_ROOM)
            side.send(to_bytes(["failed", describe(stage, exc, *side.frames_of(exc))]))
        return 1


def _run_module(side: ProgramSide, program: types.CodeType) -> None:
    names = vars(side.module)
    if side.prelude:
        exec(side.prelude, names)  # noqa: S102 - the kind of problem's
        side.given = {name: value for name, value in names.items() if not name.startswith("__")}
    exec(program, names)  # noqa: S102 - it is what all this is for


def _evaluate(side: ProgramSide, program: types.CodeType) -> None:
    names: dict[str, Any] = {}
    exec(side.prelude, names)  # noqa: S102 - the data set's
    names[side.entry] = lambda *given, **named: (given, named)
    vars(side.module)["answer"] = eval(program, names)  # noqa: S307 - it is what all this is for


def _keep(side: ProgramSide, program: types.CodeType) -> None:
    names: dict[str, Any] = {}
    exec(side.prelude, names)  # noqa: S102 - the kind of problem's
    found = {name: value for name, value in names.items() if not name.startswith("__")}
    side.script = Script(program, found, side.frames_of)


RUN_AS: dict[str, tuple[str, Callable[[ProgramSide, types.CodeType], None]]] = {
    "module": ("exec", _run_module),
    "expression": ("eval", _evaluate),
    "script": ("exec", _keep),
}
"""Name of a way to run a program -> how it is compiled for that, and what is done before its tests begin."""


def _wanted(code: types.CodeType) -> set[str]:
    """Names that code mentions, attributes included."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= _wanted(constant)
    return found
