"""Keeps a server for as long as who started it holds a pipe open: then it ends it, and all that it started.

Run as a program of its own, by file, with the server's command as its arguments: so it outlives a SIGKILL of
evalsite just long enough to end what would be left. Of the standard library alone.
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
    while server.poll() is None and not asked and not _is_closed(sys.stdin.fileno()):
        pass
    _end(server)
    return server.returncode


def _is_closed(pipe: int) -> bool:
    """Wait a moment for the other end to be closed; nothing is ever written there."""
    return bool(select.select([pipe], [], [], _LOOK_S)[0])


def _end(server: "subprocess.Popen[bytes]") -> None:
    _signal_group(server.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(GRACE_S)
    _signal_group(server.pid, signal.SIGKILL)
    server.wait()
    while children := _children():  # those that left the group came to us
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
