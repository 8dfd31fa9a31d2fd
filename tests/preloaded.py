"""``python -m evalsite`` without its imports, which take half a second of processor time each time.

A process that has imported a command's modules forks for each such command. What comes of it is a process
like any other: a child of the test's, with streams, folder, variables and session as they were asked for, and
an end of its own. Nothing is carried over from one command to the next, as each has a fork of its own.

:class:`Popen` and :func:`run` stand in for those of :mod:`subprocess`, and are them for anything but
``python -m evalsite ...`` and ``python -c ...``, and where there is no Linux. Tests whose point is how Python
starts, or what a command imports, use :mod:`subprocess` itself.
"""

import atexit
import contextlib
import ctypes
import functools
import gc
import importlib
import inspect
import json
import os
import random
import re
import runpy
import socket
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

OF_EACH_COMMAND = {
    *("HOME", "PATH", "TMPDIR", "PYTEST_CURRENT_TEST", "GITHUB_EVENT_NAME", "GITHUB_STEP_SUMMARY"),
    *("PWD", "OLDPWD", "SHLVL", "_"),  # a shell's
}
"""Variables that nothing looks at while it is imported."""
ASKING = ("run", "resume", "doctor")
"""Commands that import the HTTP client once they ask somebody."""
SERVERS = 4
"""So many are kept, each for other variables."""
BYTES = 1 << 20
PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER = 36, 37
"""Of linux/prctl.h."""
PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
"""What :class:`subprocess.Popen` calls its ends of pipes and the child's."""


class Popen(subprocess.Popen):
    """A process; takes what :class:`subprocess.Popen` takes."""

    processors = None
    """So many it may use; None for all."""

    def _execute_child(self, *given):
        wanted = inspect.signature(super()._execute_child).bind(*given).arguments
        words = [os.fspath(word) for word in wanted["args"]]
        otherwise = [name for name in ("executable", "preexec_fn", "pass_fds", "shell") if wanted[name]]
        known = words[:3] == [sys.executable, "-m", "evalsite"] or words[:2] == [sys.executable, "-c"]
        if sys.platform != "linux" or otherwise or not known:
            super()._execute_child(*given)
            return
        variables = dict(os.environ if wanted["env"] is None else wanted["env"])
        order = {
            "words": words[1:], "variables": variables, "folder": os.fspath(wanted["cwd"] or Path.cwd()),
            "own_session": bool(wanted["start_new_session"]), "processors": self.processors,
        }  # fmt: skip
        ends = (wanted[name] for name in ("p2cread", "c2pwrite", "errwrite"))
        streams = [own if end == -1 else end for own, end in enumerate(ends)]
        try:
            with _heir_of_orphans():
                self.pid = _server(variables).start(order, streams)
            self._child_created = True
        finally:
            self._close_pipe_fds(*(wanted[name] for name in PIPES))


def run(words, *, input=None, capture_output=False, timeout=None, check=False, **options):  # noqa: A002
    """What :func:`subprocess.run` does."""
    if capture_output:
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if input is not None:
        options["stdin"] = subprocess.PIPE
    with Popen(words, **options) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(words, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


PROGRAM = """#!/bin/sh
exec {python} -I -S -c '
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asking:
    asking.connect("\\0" + sys.argv[1])
    order = [sys.argv[2:], os.getcwd(), dict(os.environ)]
    socket.send_fds(asking, [json.dumps(order).encode() + b"\\n"], [0, 1, 2])
    sys.exit(int(asking.recv(9)))
' {address} "$@"
"""


def write_program(path):
    """Write an ``evalsite`` for shells, which has this process start the command, and ends as it does."""
    path.write_text(PROGRAM.format(python=sys.executable, address=_listen()), encoding="utf-8")
    path.chmod(0o755)


@functools.cache
def _listen():
    """Start what programs are for, as long as this process lives; returns its address."""
    listener = socketserver.ThreadingUnixStreamServer(f"\0evalsite-tests-{os.getpid()}", _Request)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    return listener.server_address[1:].decode()


class _OfShells(Popen):
    processors = 1  # small sites are built before a pool is


class _Request(socketserver.BaseRequestHandler):
    """One start of a program."""

    one_at_a_time = threading.Lock()

    def handle(self):
        message, streams, _, _ = socket.recv_fds(self.request, BYTES, 3)
        while not message.endswith(b"\n"):
            message += self.request.recv(BYTES)
        words, folder, variables = json.loads(message)
        command = [sys.executable, "-m", "evalsite", *words]
        reading, writing, remarks = streams
        with self.one_at_a_time:
            streamed = {"stdin": reading, "stdout": writing, "stderr": remarks}
            process = _OfShells(command, cwd=folder, env=variables, **streamed)
        for stream in streams:
            os.close(stream)
        self.request.sendall(str(process.wait() % 256).encode())


class _Server:
    """The process that forks, seen from the test's."""

    def __init__(self, variables):
        self._control, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(there.fileno())], env=variables, pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip

    @property
    def pid(self):
        return self._process.pid

    def has_ended(self):
        return self._process.poll() is not None

    def start(self, order, streams):
        """The new process's number."""
        socket.send_fds(self._control, [json.dumps(order).encode()], streams)
        if not (answer := self._control.recv(BYTES)):
            raise RuntimeError(self._process.communicate()[1].decode())
        return int(answer)

    def end(self):
        self._control.close()
        self._process.communicate()


_servers: dict[frozenset[tuple[str, str]], _Server] = {}


def _server(variables):
    """The one that began with the same variables."""
    key = frozenset((name, value) for name, value in variables.items() if name not in OF_EACH_COMMAND)
    _servers[key] = _servers.pop(key, None) or _Server(variables)
    while len(_servers) > SERVERS:
        _servers.pop(next(iter(_servers))).end()
    return _servers[key]


def servers():
    """Process ids of those that fork: children of this process that stay."""
    return {server.pid for server in _servers.values()}


def ended():
    """How many of them have ended before they were asked to; whoever asks next gets others."""
    gone = [key for key, server in _servers.items() if server.has_ended()]
    for key in gone:
        _servers.pop(key).end()
    return len(gone)


@atexit.register
def _end():
    while _servers:
        _servers.popitem()[1].end()


@contextlib.contextmanager
def _heir_of_orphans():
    """Let this process be the parent of those below it whose parent has ended."""
    prctl, before = ctypes.CDLL(None, use_errno=True).prctl, ctypes.c_int()
    prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, before.value, 0, 0, 0)


def serve(control):
    """Fork for each order, until nobody can give one any more; returns in the forks what they are to do."""
    import posix  # what a simulated system takes from ``os`` is still there

    fork = getattr(os, "fork", posix.fork)
    while True:
        message, streams, _, _ = socket.recv_fds(control, BYTES, 3)
        if not message:
            return None
        order = json.loads(message)
        import_what_it_will(order["words"])
        gc.freeze()  # no fork has to look through, and so to copy, what all of them share
        reading, writing = posix.pipe()
        middle = fork()
        if middle == 0:
            middle, child = posix.getpid(), fork()
            if child == 0:
                posix.close(reading)
                posix.close(writing)
                control.close()
                while posix.getppid() == middle:
                    time.sleep(0.0005)
                return settle(order, streams, posix)
            posix.write(writing, str(child).encode())
            posix._exit(0)
        posix.waitpid(middle, 0)  # from now on it is the test's child
        control.send(posix.read(reading, BYTES))
        for number in (reading, writing, *streams):
            posix.close(number)


def import_what_it_will(words):
    """Import what a command would import first."""
    with contextlib.suppress(Exception):  # the command itself will say it
        if words[0] == "-c":
            for module in re.findall(
                r"^(?:from|import) ((?:evalsite|tests)\b[\w.]*)", words[1], re.MULTILINE
            ):
                importlib.import_module(module)
        else:
            commands = importlib.import_module("evalsite.cli.main").COMMANDS
            command = next(word for word in words[2:] if word in commands)
            importlib.import_module(commands[command][0])
            if command in ASKING:
                importlib.import_module("aiohttp")
            if command == "build":
                prepare_sites()


@functools.cache
def prepare_sites():
    """Import what builds one and compile its templates, which takes longer than to make a small one."""
    importlib.import_module("evalsite.site.build")
    from evalsite.site.options import SiteOptions
    from evalsite.site.output.bundle import Assets
    from evalsite.site.output.render import Renderer

    environment = Renderer(SiteOptions(), Assets({}, {}))._env
    for name in environment.list_templates(["html"]):
        environment.get_template(name)


def settle(order, streams, posix):
    """Become the process that was ordered; returns what is left to do."""
    for own, stream in enumerate(streams):
        posix.dup2(stream, own)
    for stream in streams:
        posix.close(stream)
    if order["own_session"]:
        posix.setsid()
    if order["processors"]:
        here = sorted(posix.sched_getaffinity(0))
        place = posix.getpid() % len(here)
        posix.sched_setaffinity(0, (here[place:] + here)[: order["processors"]])
    posix.chdir(order["folder"])
    coerced = {name: os.environ[name] for name in ("LC_CTYPE",) if name in os.environ}  # as Python begins
    os.environ.clear()
    os.environ.update(order["variables"] | coerced)
    random.seed()
    option, what, *words = order["words"]
    sys.path.insert(0, "" if option == "-c" else order["folder"])
    if option == "-m":
        sys.argv[:] = ["-m", *words]
        return lambda: runpy.run_module(what, run_name="__main__", alter_sys=True)
    sys.argv[:] = ["-c", *words]
    main = sys.modules["__main__"] = ModuleType("__main__")
    return lambda: exec(compile(what, "<string>", "exec"), main.__dict__)


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process that forks has no threads
    if work := serve(socket.socket(fileno=int(sys.argv[1]))):
        work()
