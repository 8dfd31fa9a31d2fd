"""Keeps a server for as long as who started it holds a pipe open: then it ends it, and all that it started.

Run as a program of its own, by file, with the server's command as its arguments: so it outlives a SIGKILL of
evalsite just long enough to end what would be left. It is two processes, of which each ends all where the
other is killed: the inner one started the server and holds a pipe from the outer one, to which comes what the
inner one would leave. Of the standard library alone.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_S = 5.0
"""For a server to end by itself, once it was asked to."""
_LOOK_S = 0.2
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
"""Of linux/prctl.h."""


def main(words: list[str]) -> int:
    """Start the server, wait for its end or the pipe's, and leave nothing behind; return its exit code."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: asked.append(number))
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    lease, held = os.pipe()
    inner = os.fork()
    if not inner:
        os.close(held)
        os._exit(_keep(words, (sys.stdin.fileno(), lease), asked))
    os.close(lease)
    ended = status = 0
    while not ended and not asked and not _is_closed(sys.stdin.fileno()):
        ended, status = os.waitpid(inner, os.WNOHANG)
    os.close(held)
    if not ended:
        _, status = os.waitpid(inner, 0)
    _end_children()
    return os.waitstatus_to_exitcode(status)


def _keep(words: list[str], pipes: tuple[int, int], asked: list[int]) -> int:
    """Do so in the inner process: until either pipe is closed, or a signal asked for it."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        server = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),
        )
    except OSError as exc:
        sys.stderr.write(f"{words[0]}: {exc.strerror}\n")
        return 127
    while server.poll() is None and not asked and not _is_closed(*pipes):
        pass
    _end(server)
    return server.returncode


def _is_closed(*pipes: int) -> bool:
    """Wait a moment for the other end of any to be closed; nothing is ever written there."""
    return bool(select.select(pipes, [], [], _LOOK_S)[0])


def _end(server: "subprocess.Popen[bytes]") -> None:
    _signal_group(server.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(GRACE_S)
    _signal_group(server.pid, signal.SIGKILL)
    server.wait()
    _end_children()


def _end_children() -> None:
    """Kill those that left the group of whoever started them, and so came to us."""
    while children := _children():
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
        time.sleep(0.01)


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(group, number)


def _children() -> list[int]:
    """Return this process's own, where the system tells (Linux)."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
        return [int(word) for word in listed.split()]
    except OSError:
        return []


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
