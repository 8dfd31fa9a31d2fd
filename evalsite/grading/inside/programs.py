"""The server of programs: it forks a process for each, and sees neither a program nor a test.

When the sample has ended, the first process of its namespace is killed, and the kernel ends with it whatever
the sample has started.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
from typing import NoReturn

from evalsite.grading.inside import layers, lockdown, messages, python_program
from evalsite.grading.inside.disk import disk_of
from evalsite.grading.inside.guarding import Guard
from evalsite.grading.inside.pace import Pace
from evalsite.grading.inside.watching import Started, Watch

_CHANNEL = 1500
"""Descriptor of a sample's connection to its tests: far beyond the limit on open files, so that a program
that closes or writes to all that it may open does not meet it.
"""
_SIGINT = int(signal.SIGINT)
PID = struct.Struct("!i")


def serve(confinement: layers.Confinement, control: socket.socket) -> None:
    """Serve programs until the other side of ``control`` ends; say so where the machine refuses."""
    lockdown.make(lockdown.die_with_parent())
    try:
        server = Programs(confinement, control)
    except OSError as exc:
        messages.send(control, messages.REFUSED, str(exc).encode("utf-8", "replace"))
        return
    with contextlib.suppress(ConnectionError):
        server.serve()
    server.disk.remove()


class Programs:
    """Runs one sample after the other, each from the same clean state."""

    def __init__(self, confinement: layers.Confinement, control: socket.socket) -> None:
        """``control`` is the connection to the server that knows the tests. Raises OSError."""
        self.confinement = confinement
        self.setup = confinement.setup
        self.control = control
        self.pidfd = os.pidfd_open(os.getpid())
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)  # which is every sample's, too
        os.close(null)
        if not self.setup.has_namespaces:
            lockdown.adopt_orphans()
        self.disk = disk_of(self.setup)
        self._found_for: tuple[messages.Request, int | None] | None = None
        self._calls: list[lockdown.Call] = []
        self.pace = Pace()
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self.channel = _CHANNEL if most == resource.RLIM_INFINITY else min(_CHANNEL, most - 1)
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.channel + 1, most))

    def serve(self) -> None:
        """Answer requests until the other server ends."""
        self.run = python_program.prepare(self.channel)
        gc.freeze()
        self.greet()
        while True:
            channel, (limits, verifier) = messages.receive_descriptor(self.control)
            self.answer(messages.Request.unpack(limits), channel, PID.unpack(verifier)[0])

    def greet(self) -> None:
        """Say what programs run under."""
        self.confinement.renew_ruleset()
        hello = {"layers": layers.in_force(self.confinement), "python": sys.version.split()[0]}
        messages.send(self.control, messages.HELLO, json.dumps(hello).encode())

    def answer(self, request: messages.Request, channel: int, verifier: int) -> None:
        """Start a sample, whose connection is ``channel``, and say how it ended."""
        self.find_calls(request)
        watch = Watch(request, self.control.fileno(), verifier, self.pace)
        started = self.start(request, channel)
        os.close(channel)
        ending, output = watch.until_end(started)
        outcome = messages.Outcome(*ending, False, started.is_unconfined())
        renewed = self.disk.clean_up()
        if renewed:
            self.confinement.renew_ruleset()
        messages.send(self.control, messages.DONE, outcome.pack(), output, b"x" if renewed else b"")

    def find_calls(self, request: messages.Request) -> None:
        """Find out what the sample will call to give up its rights, unless it is what the last one called."""
        found_for = request, self.confinement.ruleset
        if found_for != self._found_for:
            self._found_for = found_for
            self._calls = [
                *layers.calls_to_enter(self.confinement, request),
                *lockdown.die_with_parent(),
            ]

    def start(self, request: messages.Request, channel: int) -> Started:
        """Fork the sample (and, before it, the first process of its namespace)."""
        output, output_end = os.pipe()
        refusals, refused = os.pipe()
        os.set_blocking(output, False)
        os.set_blocking(refusals, False)
        init = guard = None
        if self.setup.makes_promises:
            guard = Guard(self.disk, None if self.setup.uid is not None else request.processes)
        if self.setup.has_namespaces:
            lockdown.new_process_namespace()
            init = lockdown.start_first_process()
        self.connect()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self.enter_sample(request, output_end, refused, channel)
            self.begin()
        os.close(output_end)
        os.close(refused)
        if init is not None:
            lockdown.own_process_namespace(self.pidfd)
        return Started(pid, init, output, refusals, started, guard)

    def connect(self) -> None:
        """Make what no other process than the sample is to hold: the first one of its namespace is there."""

    def enter_sample(self, request: messages.Request, output_end: int, refused: int, channel: int) -> None:
        """In the new process: give up everything that a program is not to have, in the order that still
        allows it.

        Where it can't, it says so by ``refused``, a descriptor that no program finds open.
        """
        try:
            os.setsid()
            lockdown.set_handler(_SIGINT, signal.default_int_handler)
            os.dup2(output_end, 1)
            os.dup2(output_end, 2)
            os.dup2(channel, self.channel, False)
            os.chdir(self.setup.work)
            self.enter_layers(request)
        except BaseException as exc:
            os.write(output_end, f"{type(exc).__name__}: {exc}".encode())
            os.write(refused, b"x")
            os._exit(1)

    def enter_layers(self, request: messages.Request) -> None:  # noqa: ARG002
        """Take every layer into force in this process, and never outlive the server."""
        lockdown.make(self._calls)

    def begin(self) -> NoReturn:
        """In the new process, which has given up its rights: run the program."""
        os.closerange(3, self.channel)
        os.closerange(self.channel + 1, 1 << 16)
        self.run()
