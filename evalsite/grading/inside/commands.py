"""The server of commands: it has a sample compiled and run by tools of the system's, in one process each.

It knows nothing of languages. A request holds the commands, what each reads and what it leaves for the next;
the answer tells how the last one that ran has ended, and what it said by a descriptor of its own.
"""

import contextlib
import json
import os
import resource
import shutil
import socket
import stat
import threading
from collections.abc import Iterable
from typing import Any, NoReturn

from evalsite.grading.inside import lockdown, messages
from evalsite.grading.inside.layers import Confinement, ResourceLimits, layers_for
from evalsite.grading.inside.programs import Programs
from evalsite.grading.inside.watching import Watch

SAID = 3
"""Descriptor that a command says by what it has to say."""
_MOST_SAID = 1 << 16
_OPEN_FILES = 512
_PIPE = 1 << 16
_MOST_PROCESSORS = 1024


def serve(confinement: Confinement, control: socket.socket) -> None:
    """Serve until the grader closes the connection; say so where the machine refuses."""
    try:
        server = Commands(confinement, control)
    except OSError as exc:
        messages.send(control, messages.REFUSED, str(exc).encode("utf-8", "replace"))
        return
    with contextlib.suppress(ConnectionError):
        server.serve()
    if not confinement.setup.has_namespaces:
        shutil.rmtree(server.built, ignore_errors=True)
    server.disk.remove()


class Commands(Programs):
    """Runs the commands of one sample after the other, each command from the same clean state."""

    def __init__(self, confinement: Confinement, control: socket.socket) -> None:
        """Raises OSError."""
        super().__init__(confinement, control)
        self.built = confinement.setup.built

    def serve(self) -> None:
        """Answer requests until the grader ends."""
        self._renew_built()
        self.greet()
        while True:
            _, (steps, *blobs) = messages.receive(self.control)
            self.answer_steps(json.loads(steps), iter(blobs))

    def answer_steps(self, steps: list[dict[str, Any]], blobs: "Iterable[bytes]") -> None:
        """Run commands as long as each leaves with 0, and say how the last one ended."""
        blobs = iter(blobs)
        for place, step in enumerate(steps):
            request = messages.Request.unpack(next(blobs))
            stdin = next(blobs)
            for name in step["files"]:
                self._write(name, next(blobs))
            for self._words in step["words"]:
                outcome, said, output = self._run(step, request, stdin)
                failed = bool(outcome.cause) or outcome.status != 0
                failed |= step["told"] and said != stdin.partition(b"\n")[0]
                if not failed or outcome.cause:
                    break
            if step["keeps"] and not failed:
                failed = not self._keep(step["keeps"], self.setup.disk)
            if self.disk.renew():
                self.confinement.renew_ruleset()
            if failed or place == len(steps) - 1:
                break
        if any(step["keeps"] for step in steps):
            self._renew_built()
            self.confinement.renew_ruleset()
        messages.send(self.control, messages.DONE, outcome.pack(), said, output, b"%d" % place)

    def _run(
        self, step: dict[str, Any], request: messages.Request, stdin: bytes
    ) -> tuple[messages.Outcome, bytes, bytes]:
        said, saying = os.pipe()
        os.set_blocking(said, False)
        self._step = step
        watch = Watch(request, self.control.fileno(), None, self.pace, step["head"])
        started = self.start(request, saying)
        os.close(self._reading)
        os.close(saying)
        _feed(self._writing, stdin)
        ending, output = watch.until_end(started)
        found = b""
        with contextlib.suppress(BlockingIOError):
            found = os.read(said, _MOST_SAID)
        os.close(said)
        return messages.Outcome(*ending, False, started.is_unconfined()), found, output

    def connect(self) -> None:
        """Make the pipe that the command reads, whose end it is to see."""
        self._reading, self._writing = os.pipe()

    def begin(self) -> NoReturn:
        """In the new process, which has given up its rights: become the command."""
        words = self._words
        os.dup2(self._reading, 0)
        os.dup2(self.channel, SAID)
        os.set_inheritable(SAID, True)  # where it was that already
        os.closerange(SAID + 1, 1 << 16)
        try:
            os.execve(words[0], words, self._step["variables"])  # noqa: S606
        except OSError as exc:
            os.write(2, f"{words[0]}: {exc.strerror}\n".encode())
        os._exit(127)

    def enter_layers(self, request: messages.Request) -> None:
        """As ever, with limits that runtimes understand."""
        if self._step["spread"]:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, range(_MOST_PROCESSORS))
        for layer in layers_for(self.setup):
            if isinstance(layer, ResourceLimits):
                self._limit(request, self._step["reserves"])
            else:
                layer.enter(self.confinement, request)
        lockdown.make(lockdown.die_with_parent())

    def _limit(self, request: messages.Request, reserves: int) -> None:
        """Bound what is used of memory; what is only reserved, by runtimes that do so, has more room."""
        processes = request.processes + 1 if self.setup.has_own_user else None
        space = request.memory + reserves
        lockdown.make(lockdown.limits(request.cpu_s, space, request.file_size, processes))
        lockdown.set_limit(resource.RLIMIT_DATA, request.memory, request.memory)
        lockdown.set_limit(resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES)

    def _write(self, name: str, data: bytes) -> None:
        """Put a file into the private folder, for the commands to read."""
        path = os.path.join(self.setup.work, name)  # noqa: PTH118
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(data)
        os.chmod(path, 0o644)  # noqa: PTH101

    def _keep(self, names: list[str], most: int) -> bool:
        """Copy what a command has left to where the next ones find it, and cannot change it."""
        left = most
        for name in names:
            source, target = (os.path.join(folder, name) for folder in (self.setup.work, self.built))  # noqa: PTH118
            for path, copy in _files(source, target):
                size = _copy(path, copy, left)
                if size is None:
                    return False
                left -= size
        return True

    def _renew_built(self) -> None:
        """Have an empty folder for what commands leave."""
        if self.setup.has_namespaces:
            with contextlib.suppress(OSError):
                lockdown.unmount(self.built)
            options = f"size={self.setup.disk},nr_inodes=4096,mode=0755"
            lockdown.mount_tmpfs(self.built, options, executable=True)
            return
        shutil.rmtree(self.built, ignore_errors=True)
        os.mkdir(self.built, 0o755)  # noqa: PTH102


def _feed(descriptor: int, data: bytes) -> None:
    """Write what a command reads; more than a pipe holds in a thread, for the command may never read it."""

    def write() -> None:
        with contextlib.suppress(OSError), open(descriptor, "wb", buffering=0) as pipe:
            view = memoryview(data)
            while view:
                view = view[pipe.write(view) or 0 :]

    if len(data) <= _PIPE:
        write()
    else:
        threading.Thread(target=write, daemon=True).start()


def _files(source: str, target: str) -> "Iterable[tuple[str, str]]":
    """The files at or below a path, and where their copies go. Links are not followed."""
    if not os.path.isdir(source) or os.path.islink(source):  # noqa: PTH112, PTH114
        yield source, target
        return
    os.makedirs(target, exist_ok=True)  # noqa: PTH103
    for entry in os.scandir(source):
        yield from _files(entry.path, f"{target}/{entry.name}")


def _copy(source: str, target: str, most: int) -> int | None:
    """Copy a plain file with its right to be run; its size, or None where it is none or too large."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            return None
        with open(target, "wb") as copy:  # noqa: PTH123
            shutil.copyfileobj(file, copy, 1 << 20)
        os.chmod(target, 0o755 if found.st_mode & 0o111 else 0o644)  # noqa: PTH101
        return found.st_size
