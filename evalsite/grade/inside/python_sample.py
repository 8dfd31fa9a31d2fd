"""One sample, in a process of its own: give up all rights, run the program, run its tests, prove the end or
report.

The program is hostile until shown otherwise, and it shares this interpreter with the tests. What it can't do:

- *Leave early and count as passed.* A pass is proven by a nonce that is written into a page shared with the
  fork server after the last test. Until then it lies on the evaluation stack of one frame, beside the C
  functions that will be called with it: no name, no local variable, no container and no descriptor leads
  there.
- *Write a report by a descriptor.* There is none but the sample's own standard streams.
- *Let a child process do it.* The page is not inherited by children of the sample.

A failed sample's report is written by code that the program may have tampered with; the worst it can gain is
another kind of failure.
"""

import builtins
import contextlib
import errno
import functools
import mmap
import os
import sys
import types
from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any, NoReturn

from evalsite.grade.inside import lockdown
from evalsite.grade.inside.messages import PROGRAM, SEPARATOR, TESTS

PROOF = Struct("32s?")
"""The nonce, and what the tests returned, which is nothing."""
REPORT = Struct("<I")
PAGE_BYTES = 1 << 16
_MESSAGE_CHARS, _NAME_CHARS = 4000, 200
_FRAMES_HEAD, _FRAMES_TAIL = 10, 20

_restore_builtins = functools.partial(builtins.__dict__.update, builtins.__dict__.copy())
"""Made before any program runs, and once: copying them touches, and so copies, much of the interpreter's
memory.
"""

_FORBIDDEN_IMPORTS = frozenset(
    {
        "ctypes",
        "_ctypes",
        "_interpreters",
        "_testbuffer",
        "_testcapi",
        "_testinternalcapi",
        "_testlimitedcapi",
    }
    | {"_xxsubinterpreters", "_xxinterpchannels"}  # another interpreter would have no audit hook
)
_FORBIDDEN_EVENTS = frozenset(
    {
        "gc.get_objects",
        "gc.get_referrers",
        "gc.get_referents",
        "sys._current_frames",
        "sys._current_exceptions",
    }
    # Who traces or profiles frames may jump in them, and change their variables.
    | {"sys.settrace", "sys.setprofile", "sys.monitoring.register_callback"}
)
_KEPT_OF_FUNCTIONS = frozenset({"__code__", "__defaults__", "__kwdefaults__"})


def run(
    source: bytes, tests: types.CodeType, page: mmap.mmap, proof: list[bytes], seal: Callable[..., None]
) -> NoReturn:
    """Run one program and its tests in this process, which ends here.

    ``proof`` holds the nonce, once; ``seal`` writes it (``PROOF.pack_into``).
    """
    leave = os._exit
    report = _reporter(page)
    flush = sys.stdout.flush
    module = types.ModuleType("program")
    sys.modules["program"] = module
    namespace = module.__dict__
    try:
        program = compile(source.decode("utf-8", "surrogatepass"), PROGRAM, "exec", dont_inherit=True)
    except BaseException as exc:
        report("compile", exc)
        leave(1)
    later = functools.partial
    status = 1
    try:
        # One expression: the nonce, what is called with it and what runs the tests are on the stack before
        # the program begins. No name is looked up after it, and nothing that it could find holds them: an
        # iterator in a variable it would advance itself. An iterator on the stack would not do either, as
        # what consumes it takes a StopIteration of the program's for its end.
        seal(page, 0, proof.pop(), later(exec, tests, namespace)(later(exec, program, namespace)()))
        status = 0
    except BaseException as exc:
        report("run", exc)
    with contextlib.suppress(BaseException):  # the program may have closed what its output goes through
        flush()
    leave(status)


def _reporter(page: mmap.mmap) -> Callable[[str, BaseException], None]:
    """A function that writes an exception's report into the page, with references of its own to what it
    needs.
    """
    getpid, own = os.getpid, os.getpid()
    write = page.__setitem__
    pack = REPORT.pack
    start = PROOF.size
    restore = _restore_builtins

    def report(stage: str, exc: BaseException) -> None:
        if getpid() != own:
            return
        restore()
        try:
            fields = _describe(stage, exc)
        except BaseException as again:
            fields = [stage, type(again).__name__, "", "the exception could not be described", "", ""]
        data = SEPARATOR.join(fields).encode("utf-8", "backslashreplace")[: PAGE_BYTES - start - REPORT.size]
        write(slice(start, start + REPORT.size + len(data)), pack(len(data)) + data)

    return report


def _describe(stage: str, exc: BaseException) -> list[str]:
    """Stage, type, errno, message, line of a syntax error, frames left out; then three fields a frame."""
    number = exc.errno if isinstance(exc, OSError) and isinstance(exc.errno, int) else ""
    line = exc.lineno if isinstance(exc, SyntaxError) and exc.filename == PROGRAM else ""
    message = exc.msg if isinstance(exc, SyntaxError) else _text(exc)
    name, message = type(exc).__name__[:_NAME_CHARS], str(message)[:_MESSAGE_CHARS]
    message = message.encode("utf-8", "backslashreplace").decode()[:_MESSAGE_CHARS]
    fields = [stage, name, str(number), message, str(line or "")]
    fields = [field.replace(SEPARATOR, " ") for field in fields]
    frames: list[tuple[str, int, str]] = []
    left_out = 0
    traceback = exc.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in (PROGRAM, TESTS):
            frames.append((code.co_filename, traceback.tb_lineno, code.co_name))
            if len(frames) > _FRAMES_HEAD + _FRAMES_TAIL:
                del frames[_FRAMES_HEAD]
                left_out += 1
        traceback = traceback.tb_next
    fields.append(str(left_out))
    for file, at, function in frames:
        fields += [file, str(at), function[:_NAME_CHARS].replace(SEPARATOR, " ")]
    return fields


def _text(exc: BaseException) -> str:
    try:
        return str(exc)
    except Exception as again:
        return f"<its __str__ raised {type(again).__name__}>"


def hide_the_machinery() -> None:
    """Take away, in the fork server and so from all samples, what reaches past Python's own rules.

    That is ctypes, tracing, the walk over all objects, other code for the functions of the tests (an audit
    hook, which can't be removed again, refuses them with PermissionError), the environment, and the modules
    that make up the fork server.
    """
    lockdown.hide_ctypes()
    for name in [name for name in sys.modules if name.partition(".")[0] == "evalsite"]:
        del sys.modules[name]
    os.environ.clear()
    sys.argv[:] = [""]
    sys.settrace, sys.setprofile = _stopping_only(sys.settrace), _stopping_only(sys.setprofile)
    sys.addaudithook(_audit_hook())


def _stopping_only(register: Callable[[Any], None]) -> Callable[[Any], None]:
    """``sys.settrace`` for programs that set nothing, as ``doctest`` does when it is done: the audit hook
    would refuse even that, as it is not told what is set.
    """

    def stop(function: Any, register: Callable[[Any], None] = register) -> None:
        if function is not None:
            register(function)

    return stop


def forget_the_machinery() -> None:
    """In the sample: the last step before the program."""
    lockdown.forget()


def _import_random() -> None:
    """Import ``random`` without the step that would seed it anew in each sample: all start from the same
    state, and a tenth of a fork's price is saved.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        import random
    finally:
        os.register_at_fork = register
    random.seed(0)


def _audit_hook() -> Callable[[str, tuple[Any, ...]], None]:
    """A hook that refuses what reaches past Python's own rules, with PermissionError.

    What it decides by is bound to its arguments: the error that it raises leads a program to its frame, from
    where globals and cells could be changed.
    """

    def hook(
        event: str,
        arguments: tuple[Any, ...],
        events: frozenset[str] = _FORBIDDEN_EVENTS,
        imports: frozenset[str] = _FORBIDDEN_IMPORTS,
        kept: frozenset[str] = _KEPT_OF_FUNCTIONS,
        ours: tuple[str, str] = (TESTS, __file__.rpartition("/")[0]),
        plain: Callable[[str], str] = str.__str__,
    ) -> None:
        if event == "import":
            # A module's last name decides, as it does on which function of a shared object is called. What it
            # equals may be the program's to say.
            refused = plain(arguments[0]).rpartition(".")[2] in imports
        elif event == "object.__setattr__" and arguments[1] in kept:
            # The tests' functions, and those by which they compare, stay what they are.
            refused = arguments[0].__code__.co_filename.startswith(ours)
        else:
            refused = event in events
        if refused:
            what = f"import {plain(arguments[0])}" if event == "import" else event
            raise PermissionError(errno.EPERM, f"not available to graded programs: {what}")

    return hook


def warm_up(packages: Iterable[str]) -> None:
    """Import what solutions commonly import, and the packages, so that no sample pays for it, and freeze it
    for the forks to come.
    """
    _import_random()  # before statistics does
    import abc, array, bisect, calendar, cmath, collections.abc, contextlib, copy, dataclasses, datetime  # noqa: E401, F401, I001
    import decimal, enum, fractions, functools, hashlib, heapq, inspect, io, itertools, json, math, numbers  # noqa: E401, F401
    import operator, queue, re, statistics, string, textwrap, threading, time, traceback, typing  # noqa: E401, F401
    import unicodedata, warnings  # noqa: E401, F401

    warnings.simplefilter("ignore")  # what the compiler has to say about a program is not its output
    for name in packages:
        __import__(name)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
