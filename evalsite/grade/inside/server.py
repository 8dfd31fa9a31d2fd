"""The fork server: a warm interpreter that runs each program in a fresh process of its own.

It is started inside the sandbox (:mod:`evalsite.grade.isolation` writes the command), talks to the grader
over its standard input (:mod:`.messages`) and forks: per sample one process that holds a new PID namespace,
and the sample itself. When the sample has ended, the first process of its namespace is killed, and the kernel
ends with it whatever the sample has started.

A request holds the sample's limits, a key of its tests, the program, and the tests themselves where they are
asked for, which is the first time. The answer holds what happened, the report and the end of the output.
"""

import contextlib
import gc
import json
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import CodeType

from evalsite.grade.inside import layers, lockdown, messages, python_sample
from evalsite.grade.inside.disk import Disk, Folder
from evalsite.grade.inside.plan import Plan
from evalsite.grade.inside.python_comparing import comparisons
from evalsite.grade.inside.python_tests import CompiledTests
from evalsite.grade.inside.watching import Started, watch

_CLEAN = bytes(python_sample.PAGE_BYTES)


class ForkServer:
    """Runs one sample after the other, each from the same clean state."""

    def __init__(self, plan: Plan, control: socket.socket) -> None:
        """Bring the process into the state that all samples begin with. Raises OSError."""
        self.plan = plan
        self.control = control
        self.page = mmap.mmap(-1, python_sample.PAGE_BYTES)
        self.pidfd = os.pidfd_open(os.getpid())
        self.null = os.open("/dev/null", os.O_RDONLY)
        self.confinement = _confinement(plan)
        if plan.mode == "process":
            lockdown.adopt_orphans()
        else:
            lockdown.forgo_capabilities()
            lockdown.cover_ctypes()
        self.disk = Folder(plan) if plan.mode == "process" else Disk(plan)
        self.confinement.renew_ruleset()
        self.entering = _entering(plan)

    def serve(self) -> None:
        """Answer requests until the grader closes the connection."""
        self.tests = CompiledTests(comparisons())
        python_sample.hide_the_machinery()
        gc.collect()
        gc.freeze()
        self.confinement.own_memory = lockdown.address_space()
        hello = {"layers": layers.in_force(self.confinement), "python": sys.version.split()[0]}
        messages.send(self.control, messages.HELLO, json.dumps(hello).encode())
        while True:
            try:
                kind, blobs = messages.receive(self.control)
            except messages.DisconnectedError:
                return
            if kind == messages.PROBE:
                found = layers.probe(self.confinement, os.fsdecode(blobs[0]))
                messages.send(self.control, messages.PROBED, json.dumps(found).encode())
            else:
                self.answer(*blobs)

    def answer(
        self,
        limits: bytes,
        key: bytes,
        source: bytes,
        tests_text: bytes | None = None,
        own_names: bytes = b"",
    ) -> None:
        """Run one program and say what happened."""
        tests = self.tests.find(key, tests_text, own_names)
        if tests is None:
            messages.send(self.control, messages.NEED_TESTS)
            return
        if isinstance(tests, str):
            messages.send(self.control, messages.BROKEN_TESTS, tests.encode("utf-8", "replace"))
            return
        request = messages.Request.unpack(limits)
        self.page[:] = _CLEAN  # all of it: what a sample leaves there, the next one could read
        started = self.start(request, source, tests)
        ending, output = watch(started, request, self.control.fileno())
        proven = self.page[: python_sample.PROOF.size] == python_sample.PROOF.pack(started.expected[0], None)
        outcome = messages.Outcome(*ending, proven, started.is_unconfined())
        size = python_sample.REPORT.unpack_from(self.page, python_sample.PROOF.size)[0]
        begin = python_sample.PROOF.size + python_sample.REPORT.size
        report = self.page[begin : begin + min(size, len(self.page) - begin)]
        if self.disk.clean_up():
            self.confinement.renew_ruleset()
        messages.send(self.control, messages.DONE, outcome.pack(), report, output)

    def start(self, request: messages.Request, source: bytes, tests: CodeType) -> Started:
        """Fork the sample (and, before it, the first process of its namespace)."""
        output, output_end = os.pipe()
        refusals, refused = os.pipe()
        os.set_blocking(output, False)
        os.set_blocking(refusals, False)
        expected = [os.urandom(32)]
        init = None
        if self.plan.mode != "process":
            lockdown.new_process_namespace()
            init = lockdown.start_first_process()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self.enter_sample(request, output_end, refused)
            python_sample.run(source, tests, self.page, expected, python_sample.PROOF.pack_into)
        os.close(output_end)
        os.close(refused)
        if init is not None:
            lockdown.own_process_namespace(self.pidfd)
        return Started(pid, init, output, refusals, expected, started)

    def enter_sample(self, request: messages.Request, output_end: int, refused: int) -> None:
        """In the new process: give up everything that a program is not to have, in the order that still
        allows it.

        Where it can't, it says so by ``refused``, a descriptor that no program finds open.
        """
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.page.madvise(mmap.MADV_DONTFORK)
            for source, target in ((self.null, 0), (output_end, 1), (output_end, 2)):
                os.dup2(source, target)
            os.chdir(self.plan.work)
            for enter in self.entering:
                enter(self.confinement, request)
            lockdown.die_with_parent()
            python_sample.forget_the_machinery()
            os.closerange(3, 1 << 16)
        except BaseException as exc:
            os.write(output_end, f"{type(exc).__name__}: {exc}".encode())
            os.write(refused, b"x")
            os._exit(1)


def _confinement(plan: Plan) -> layers.Confinement:
    lockdown.set_server_limits()
    program = lockdown.seccomp_program()
    return layers.Confinement(plan, filter=None if program is None else lockdown.Filter(program))


def _entering(plan: Plan) -> "list[Callable[[layers.Confinement, messages.Request], None]]":
    """What a sample calls to take its layers into force, without those that are in force already."""
    found = layers.layers_for(plan)
    return [layer.enter for layer in found if type(layer).enter is not layers.Layer.enter]


def main() -> None:
    """Serve on standard input, with the plan from the command line."""
    control = socket.socket(fileno=os.dup(0))
    # Each namespace's first process shares this one's memory: a handler there would be this one's, too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    plan = Plan.from_json(sys.argv[1])
    del sys.path[0]  # where these modules come from
    if plan.packages:
        sys.path.append(plan.packages)
    try:
        server = ForkServer(plan, control)
    except OSError as exc:
        messages.send(control, messages.REFUSED, str(exc).encode("utf-8", "replace"))
        return
    sys.stdout.reconfigure(line_buffering=True, encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    python_sample.warm_up(plan.imports)
    with contextlib.suppress(ConnectionError):  # the grader has gone
        server.serve()
    if isinstance(server.disk, Folder):
        server.disk.remove()
