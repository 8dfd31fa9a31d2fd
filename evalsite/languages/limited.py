"""A process that can be lost: it does what may cost anything, under limits, and is replaced when it dies of
it.

What reads hostile text with a parser that was made for honest text (CPython's own) reads it there. One
process stays warm and serves everybody, one call at a time; a call is a function's name and bytes, and the
answer is bytes. Nothing of the text is ever executed. Where a system has no such limits as Linux has, only
the time is limited.
"""

import atexit
import contextlib
import importlib
import os
import subprocess
import sys
import threading
from typing import BinaryIO

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MOST_CPU_S = 10
"""Of one call."""
MOST_WALL_S = 60.0
MOST_MEMORY = 256 << 20
"""Bytes beyond those of the idle process."""
_SIZE = 8
_CHILD = "import sys; sys.path[:] = {path!r}; from evalsite.languages.limited import serve; serve()"


class ProcessEndedError(Exception):
    """The process did not survive the call; says of what it died."""


class _Process:
    """One process, and the pipes to it."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._calls, self._answers = self._child.stdin, self._child.stdout
        self.owner = os.getpid()

    def ask(self, function: str, message: bytes) -> bytes:
        """Call, and wait for the answer."""
        watchdog = threading.Timer(MOST_WALL_S, self._child.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            for part in (function.encode(), message):
                self._calls.write(len(part).to_bytes(_SIZE, "big") + part)
            self._calls.flush()
            head = self._answers.read(_SIZE)
            size = int.from_bytes(head, "big")
            answer = self._answers.read(size) if len(head) == _SIZE else b""
        except OSError:
            head, answer, size = b"", b"", 0
        finally:
            watchdog.cancel()
        if len(head) < _SIZE or len(answer) < size:
            raise ProcessEndedError(_cause(self.end()))
        return answer

    def end(self) -> int:
        """End it, if that is still to be done; returns its status."""
        self._child.kill()
        for pipe in (self._calls, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        return self._child.wait()


_lock = threading.Lock()
_process: _Process | None = None


def ask(function: str, message: bytes) -> bytes:
    """Have ``module:function`` called with ``message``; returns what it returns.

    Raises :class:`ProcessEndedError` where the process died of it, or the function raised anything.
    """
    global _process
    with _lock:
        if _process is None or _process.owner != os.getpid():
            _process = _Process()
        try:
            return _process.ask(function, message)
        except ProcessEndedError:
            _process = None
            raise


@atexit.register
def _end() -> None:
    if _process is not None and _process.owner == os.getpid():
        _process.end()


def serve() -> None:
    """Answer calls on standard input, until it ends; whatever goes wrong ends the process."""
    calls, answers = sys.stdin.buffer, sys.stdout.buffer
    _limit_memory()
    while function := _read(calls).decode():
        _limit_time()
        module, _, name = function.partition(":")
        message = _read(calls)
        try:
            answer: bytes = getattr(importlib.import_module(module), name)(message)
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
        except BaseException:
            os._exit(_RAISED)
        answers.write(len(answer).to_bytes(_SIZE, "big") + answer)
        answers.flush()


_OUT_OF_MEMORY, _RAISED = 3, 4


def _read(pipe: BinaryIO) -> bytes:
    return pipe.read(int.from_bytes(pipe.read(_SIZE), "big"))


def _limit_memory() -> None:
    """Take no more than :data:`MOST_MEMORY` from here on, and leave no core file."""
    if resource is None or not sys.platform.startswith("linux"):
        return
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path of a user's
        pages = int(file.read().split()[0])
    _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + MOST_MEMORY)
    _lower(resource.RLIMIT_CORE, 0)


def _limit_time() -> None:
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + MOST_CPU_S)


def _lower(limit: int, value: int) -> None:
    """Set a soft limit, as far as the hard one lets us."""
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _cause(status: int) -> str:
    """What a process died of, by its status."""
    if status == _RAISED:
        return "it is nested too deeply"
    if status == _OUT_OF_MEMORY:
        return f"it takes more than {MOST_MEMORY >> 20} MiB"
    if -status in (_SIGKILL, _SIGXCPU):
        return f"it takes more than {MOST_CPU_S} s"
    return "it brings the compiler down"


_SIGKILL, _SIGXCPU = 9, 24
