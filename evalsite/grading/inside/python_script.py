"""A program that is run as a script: a process for each input, forked from one that never runs it.

What it prints goes to the tests through this process, which knows its input and not what is right.
"""

import atexit
import contextlib
import os
import resource
import select
import signal
import sys
import threading
import types
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from evalsite.grading.inside.python_reports import describe
from evalsite.grading.inside.python_values import from_bytes, to_bytes

_MOST_BYTES = 16 << 20
"""Of what one run prints; more than that is too much output, whatever its limit is."""
_MOST_REPORT = 1 << 17
_SHOWN = 1 << 12
"""Bytes of what one run has printed that are kept among the sample's output."""


class Script(NamedTuple):
    """A program that is run so."""

    code: types.CodeType
    names: dict[str, Any]
    """Those that it finds, but for what every module has."""
    frames_of: Callable[[BaseException], tuple[list[Any], int]]
    """Tells the frames of an exception of its."""


class ScriptFailedError(BaseException):
    """A run ended with an exception; the fields of its report."""


def run_script(script: "Script", entered: str, cpu_s: float) -> str:
    """Run a script with a text as its input; returns what it prints.

    It may use so many seconds of CPU time. Where it takes more, or a signal ends it, this process ends in
    the same way. Raises ScriptFailedError.
    """
    ends = os.pipe(), os.pipe(), os.pipe()
    (stdin, feed), (printed, stdout), (told, report) = ends
    pid = os.fork()
    if pid == 0:
        for ours in (feed, printed, told):
            os.close(ours)
        _be_script(script, (stdin, stdout, report), cpu_s)
    for theirs in (stdin, stdout, report):
        os.close(theirs)
    try:
        output, fields = _converse(
            pid, (feed, printed, told), entered.encode("utf-8", "surrogatepass"), cpu_s
        )
    finally:
        for ours in (printed, told):
            os.close(ours)
    os.write(1, output[-_SHOWN:])
    if fields:
        raise ScriptFailedError(*_read(fields))
    return output.decode("utf-8", "replace")


def _converse(pid: int, ends: tuple[int, int, int], entered: bytes, cpu_s: float) -> tuple[bytes, bytes]:
    """Feed a script and hear what it prints and reports, until it ends; what it has started may live on."""
    feed, printed, told = ends
    pidfd = os.pidfd_open(pid)
    heard = {printed: bytearray(), told: bytearray()}
    for each in (feed, *heard):
        os.set_blocking(each, False)
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    poller.register(feed, select.POLLOUT)
    for each in heard:
        poller.register(each, select.POLLIN)
    left = memoryview(entered)
    ended = False
    while not ended:
        ready = dict(poller.poll())
        ended = pidfd in ready
        if feed in ready:
            left = _feed(feed, left)
            if not left:
                poller.unregister(feed)
                os.close(feed)
        for each in heard:
            if (each in ready or ended) and not _hear(each, heard[each]):
                with contextlib.suppress(KeyError):
                    poller.unregister(each)
        if len(heard[printed]) > _MOST_BYTES:
            os.kill(pid, signal.SIGKILL)
            _flood()
    if left:
        os.close(feed)
    os.close(pidfd)
    _, status, usage = os.wait4(pid, 0)
    if (code := os.waitstatus_to_exitcode(status)) < 0:
        took_all = code == -signal.SIGKILL and usage.ru_utime + usage.ru_stime >= cpu_s
        _end_by(signal.SIGXCPU if took_all else -code)
    return bytes(heard[printed]), bytes(heard[told][:_MOST_REPORT])


def _feed(feed: int, left: memoryview) -> memoryview:
    try:
        return left[os.write(feed, left[: 1 << 16]) :] if left else left
    except BlockingIOError:
        return left
    except BrokenPipeError:  # it reads no more
        return left[:0]


def _hear(source: int, heard: bytearray) -> bool:
    """Take all that is there; returns whether there may be more later."""
    while True:
        try:
            piece = os.read(source, 1 << 16)
        except BlockingIOError:
            return True
        if not piece:
            return False
        heard += piece
        if len(heard) > _MOST_BYTES:
            return True


def _end_by(number: int) -> NoReturn:
    """End as a run has ended."""
    with contextlib.suppress(OSError):  # that of no signal that can be caught
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(1)


def _flood() -> NoReturn:
    """Print until whoever watches the output has had enough."""
    while True:
        os.write(1, b"\n" * (1 << 16))


def _read(fields: bytes) -> list[str]:
    try:
        found = from_bytes(fields)
    except Exception:
        found = []
    return [str(each) for each in found] if isinstance(found, list) else []


def _be_script(script: "Script", ends: tuple[int, int, int], cpu_s: float) -> NoReturn:
    """In the new process: be the script, and end."""
    leave = os._exit
    stdin, stdout, report = ends
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.close(stdin)
    os.close(stdout)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = min(int(cpu_s) + 1, most) if most != resource.RLIM_INFINITY else int(cpu_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, min(seconds + 1, most) if most > 0 else seconds + 1))
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    module = types.ModuleType("__main__")
    vars(module).update(script.names)
    sys.modules["__main__"] = module
    try:
        with contextlib.suppress(SystemExit):
            exec(script.code, vars(module))  # noqa: S102 - it is what all this is for
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException as exc:
        with contextlib.suppress(BaseException):
            sys.setrecursionlimit(10_000)
            fields = describe("run", exc, *script.frames_of(exc))
            os.write(report, to_bytes(fields)[:_MOST_REPORT])
    leave(0)
