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
import select
import signal
import socket
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any

from evalsite.grade.inside import attempts, lockdown, messages, python_sample
from evalsite.grade.inside.python_comparing import comparisons
from evalsite.grade.inside.python_tests import compile_tests

OUTPUT_TAIL = 4096
_AT_WORK_SHARE = 0.05
_TESTS_CACHE_BYTES = 8 << 20
_SETTLE_S = 0.01
_SHORTEST_LOOK_S = 0.01
"""Between two looks at a sample's clock, however little of its time is left."""
Ending = tuple[bytes, int, float, float, float]
"""The fields of :class:`.messages.Outcome` that need no proof: cause, status, CPU and wall seconds, MiB."""
_CLEAN = bytes(python_sample.PROOF.size + python_sample.REPORT.size)


@dataclass
class Plan:
    """How this fork server isolates its samples; from its command line."""

    mode: str
    """``root`` (no user namespace: each sample becomes a user of its own), ``user`` or ``process``."""
    uid: int | None
    work: str
    """Folder that samples may write to; a tmpfs of the server's own unless ``mode`` is ``process``."""
    disk: int
    """Bytes of that tmpfs."""
    readable: list[str]
    packages: str
    """Folder that numpy is imported from; empty where no numpy is needed."""


@dataclass
class Started:
    """A running sample, as its fork server sees it."""

    pid: int
    init: int | None
    output: int
    expected: list[bytes]
    started: float


class ForkServer:
    """Runs one sample after the other, each from the same clean state."""

    def __init__(self, plan: Plan, control: socket.socket) -> None:
        self.plan = plan
        self.control = control
        self.page = mmap.mmap(-1, python_sample.PAGE_BYTES)
        self.tests: OrderedDict[bytes, tuple[CodeType | str, int]] = OrderedDict()
        self.pidfd = os.pidfd_open(os.getpid())
        self.layers: list[str] = []
        self.own_memory = 0
        self.ruleset: int | None = None
        self.null = os.open("/dev/null", os.O_RDONLY)
        self.pristine: tuple[int, int] | None = None
        self.compare: dict[str, Callable[..., Any]] = {}
        program = lockdown.seccomp_program()
        self.filter = None if program is None else lockdown.Filter(program)

    # -- preparing -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Bring the server into its clean state and find out which layers hold. Raises OSError."""
        lockdown.set_server_limits()
        if self.plan.mode == "process":
            lockdown.adopt_orphans()
        else:
            self.layers += ["mount-namespace", "network-namespace", "ipc-namespace", "pid-namespace"]
            self.layers.append("unprivileged-user" if self.plan.mode == "root" else "user-namespace")
            lockdown.forgo_capabilities()
            lockdown.cover_ctypes()
            self.fresh_disk()
        self.layers += ["rlimits", "no-new-privileges"]
        if version := lockdown.landlock_version():
            self.layers.append(f"landlock-{version}")
        if self.filter is not None:
            self.layers.append("seccomp")
        self.renew_ruleset()

    def renew_ruleset(self) -> None:
        """Rules name files, not paths: a new disk needs new ones."""
        if self.ruleset is not None:
            os.close(self.ruleset)
        self.ruleset = lockdown.landlock_ruleset(self.plan.readable, [self.plan.work])

    def fresh_disk(self) -> None:
        """Throw away what is on the samples' disk, and give them an empty one."""
        if self.pristine is not None:
            lockdown.unmount(self.plan.work)
        owner = self.plan.uid or 0
        files = max(self.plan.disk >> 14, 256)
        options = f"size={self.plan.disk},nr_inodes={files},mode=0700,uid={owner},gid={owner}"
        lockdown.mount_tmpfs(self.plan.work, options)
        time.sleep(_SETTLE_S)  # any later change gets a time of change that differs from the mount's
        self.pristine = self.disk_state()

    def disk_state(self) -> tuple[int, int]:
        """Changes with everything a sample can do to its disk: files, modes, attributes."""
        state = os.stat(self.plan.work)  # noqa: PTH116
        return state.st_ctime_ns, state.st_mtime_ns

    # -- serving -------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Answer requests until the grader closes the connection."""
        self.compare = comparisons()
        python_sample.hide_the_machinery()
        gc.collect()
        gc.freeze()
        self.own_memory = lockdown.address_space()
        hello = {"layers": self.layers, "python": sys.version.split()[0]}
        messages.send(self.control, messages.HELLO, json.dumps(hello).encode())
        while True:
            try:
                kind, blobs = messages.receive(self.control)
            except messages.DisconnectedError:
                return
            if kind == messages.PROBE:
                found = attempts.probe(self, os.fsdecode(blobs[0]))
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
        tests = self.find_tests(key, tests_text, own_names)
        if tests is None:
            messages.send(self.control, messages.NEED_TESTS)
            return
        if isinstance(tests, str):
            messages.send(self.control, messages.BROKEN_TESTS, tests.encode("utf-8", "replace"))
            return
        request = messages.Request.unpack(limits)
        self.page[: len(_CLEAN)] = _CLEAN
        started = self.start(request, source, tests)
        ending, output = self.watch(started, request)
        proof, nonce = self.page[: python_sample.PROOF.size], started.expected[0]
        proven, unconfined = (proof == python_sample.PROOF.pack(nonce, refused) for refused in (False, True))
        outcome = messages.Outcome(*ending, proven, unconfined)
        size = python_sample.REPORT.unpack_from(self.page, python_sample.PROOF.size)[0]
        begin = python_sample.PROOF.size + python_sample.REPORT.size
        report = self.page[begin : begin + min(size, len(self.page) - begin)]
        self.clean_up()
        messages.send(self.control, messages.DONE, outcome.pack(), report, output)

    def find_tests(self, key: bytes, text: bytes | None, own_names: bytes) -> CodeType | str | None:
        """The compiled tests: kept from before or sent along; an error message where they don't compile."""
        if key in self.tests:
            self.tests.move_to_end(key)
            return self.tests[key][0]
        if text is None:
            return None
        code: CodeType | str
        try:
            names = own_names.decode().split()
            code = compile_tests(text.decode("utf-8", "surrogatepass"), names, self.compare)
        except Exception as exc:  # whatever it is, the tests are to blame, and no program
            code = f"{type(exc).__name__}: {exc}"
        self.tests[key] = (code, len(text))
        while sum(size for _, size in self.tests.values()) > _TESTS_CACHE_BYTES and len(self.tests) > 1:
            self.tests.popitem(last=False)
        return code

    def start(self, request: messages.Request, source: bytes, tests: CodeType) -> Started:
        """Fork the sample (and, before it, the first process of its namespace)."""
        output, output_end = os.pipe()
        os.set_blocking(output, False)
        expected = [os.urandom(32)]
        init = None
        if self.plan.mode != "process":
            lockdown.new_process_namespace()
            init = lockdown.start_first_process()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self.enter_sample(request, output_end, expected)
            python_sample.run(source, tests, self.page, expected, python_sample.PROOF.pack_into)
        os.close(output_end)
        if init is not None:
            lockdown.own_process_namespace(self.pidfd)
        return Started(pid, init, output, expected, started)

    def enter_sample(self, request: messages.Request, output_end: int, proof: list[bytes]) -> None:
        """In the new process: give up everything that a program is not to have, in the order that still
        allows it.
        """
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.page.madvise(mmap.MADV_DONTFORK)
            for source, target in ((self.null, 0), (output_end, 1), (output_end, 2)):
                os.dup2(source, target)
            os.chdir(self.plan.work)
            processes = None if self.plan.mode == "process" else request.processes
            memory = self.own_memory + request.memory
            lockdown.set_limits(request.cpu_s, memory, request.file_size, processes)
            if self.plan.mode != "process":
                lockdown.drop_privileges(self.plan.uid)
            lockdown.no_new_privileges()
            lockdown.die_with_parent()
            if self.ruleset is not None:
                lockdown.enter_landlock(self.ruleset)
            if self.filter is not None:
                lockdown.enter_seccomp(self.filter)
            python_sample.forget_the_machinery()
            os.closerange(3, 1 << 16)
        except BaseException as exc:
            os.write(output_end, f"{type(exc).__name__}: {exc}".encode())
            unconfined = True  # no program can say this of itself
            python_sample.PROOF.pack_into(self.page, 0, proof.pop(), unconfined)
            os._exit(1)

    # -- watching ------------------------------------------------------------------------------------------

    def watch(self, started: Started, request: messages.Request) -> tuple[Ending, bytes]:
        """Wait for the sample's end, or bring it about; keep the end of its output."""
        tail = bytearray()
        pidfd = os.pidfd_open(started.pid)
        cause, written = self.wait_for_end(started, request, pidfd, tail)
        if cause:
            os.kill(started.pid, signal.SIGKILL)
        os.close(pidfd)
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.monotonic() - started.started
        self.end_namespace(started)
        while written <= request.output and (more := _read_into(tail, started.output)):
            written += more
        os.close(started.output)
        if not cause and written > request.output:
            cause = b"output"
        cpu = usage.ru_utime + usage.ru_stime
        return (cause, os.waitstatus_to_exitcode(status), cpu, wall, usage.ru_maxrss / 1024), bytes(tail)

    def wait_for_end(
        self, started: Started, request: messages.Request, pidfd: int, tail: bytearray
    ) -> tuple[bytes, int]:
        """Wait until the sample ends or has to be ended; returns the cause (empty: by itself) and how many
        bytes it wrote.

        CPU time is read from the process's own clock, which is exact. The kernel's limit, which counts the
        clock's ticks and so is off by a tenth where a machine is shared, stands behind it.
        """
        written = 0
        deadline = started.started + request.wall_s
        last_deadline = started.started + request.wall_s * messages.WALL_PATIENCE
        look_at_clock = started.started + request.cpu_s
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        poller.register(started.output, select.POLLIN)
        poller.register(self.control, 0)  # tells when the grader has gone
        while written <= request.output:
            now = time.monotonic()
            if now >= min(look_at_clock, deadline):
                used = _cpu_used(started)
                if used >= request.cpu_s:
                    return b"cpu", written
                at_work = used > (now - started.started) * _AT_WORK_SHARE
                if now >= deadline and not (at_work and deadline < last_deadline):
                    return b"wall", written
                if now >= deadline:
                    deadline += request.wall_s  # a busy machine is no reason to end what is not asleep
                look_at_clock = now + max(request.cpu_s - used, _SHORTEST_LOOK_S)
            for descriptor, event in poller.poll(max((min(look_at_clock, deadline) - now) * 1000, 1)):
                if descriptor == pidfd:
                    return b"", written
                if descriptor == self.control.fileno():
                    return b"grader", written
                if event & select.POLLIN:
                    written += _read_into(tail, started.output)
                else:
                    poller.unregister(started.output)
        return b"output", written

    def end_namespace(self, started: Started) -> None:
        """End whatever the sample has left behind."""
        if started.init is not None:
            os.kill(started.init, signal.SIGKILL)
            os.waitpid(started.init, 0)
            return
        while _kill_children():
            pass

    def clean_up(self) -> None:
        """Bring the disk back to its clean state."""
        if self.plan.mode == "process":
            _empty(self.plan.work)
        elif self.disk_state() != self.pristine:
            self.fresh_disk()
            self.renew_ruleset()


def _cpu_used(started: Started) -> float:
    """Seconds of CPU time that a sample has used so far; 0 when it has just ended."""
    process_clock = (~started.pid << 3) | 2  # what clock_getcpuclockid() gives for another process
    try:
        return time.clock_gettime(process_clock)
    except OSError:
        return 0.0


def _read_into(tail: bytearray, descriptor: int) -> int:
    """Append what a pipe holds, keep the end of it, return how much it was."""
    try:
        piece = os.read(descriptor, 1 << 16)
    except BlockingIOError:
        return 0
    tail += piece
    del tail[:-OUTPUT_TAIL]
    return len(piece)


def _kill_children() -> bool:
    """Kill and reap every child of this process; True while there were any."""
    own = os.getpid()
    with open(f"/proc/{own}/task/{own}/children") as children:  # noqa: PTH123
        pids = [int(pid) for pid in children.read().split()]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return bool(pids)


def _empty(folder: str) -> None:
    """Remove everything below a folder, without following a link out of it."""
    import shutil

    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)  # noqa: PTH101
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)  # noqa: PTH108


def main() -> None:
    """Serve on standard input, with the plan from the command line."""
    control = socket.socket(fileno=os.dup(0))
    # Each namespace's first process shares this one's memory: a handler there would be this one's, too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    plan = Plan(**json.loads(sys.argv[1]))
    del sys.path[0]  # where these modules come from
    if plan.packages:
        sys.path.append(plan.packages)
    server = ForkServer(plan, control)
    try:
        server.prepare()
    except OSError as exc:
        messages.send(control, messages.REFUSED, str(exc).encode("utf-8", "replace"))
        return
    sys.stdout.reconfigure(line_buffering=True, encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    python_sample.warm_up(numpy=bool(plan.packages))
    with contextlib.suppress(ConnectionError):  # the grader has gone
        server.serve()
    if plan.mode == "process":
        _empty(plan.work)
        os.rmdir(plan.work)  # noqa: PTH106
