"""What the grader talks to inside the sandbox: it knows the tests, and never runs a program.

It is started there (:mod:`evalsite.grading.isolation` writes the command), talks to the grader over its
standard input (:mod:`.messages`), and has two others work for it: the server of :mod:`.programs`, which it
forks before it hears of any test, and which forks a process for each sample; and the server of the tests
(:mod:`.verifying`). For each sample it connects the two.

A request holds the sample's limits, a key of its tests, the program, and the tests themselves where they are
asked for, which is the first time. The answer holds what happened, the report and the end of the output.
"""

import contextlib
import gc
import json
import marshal
import os
import select
import signal
import socket
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable

from evalsite.grading.inside import (  # noqa: F401
    beforehand,
    filtering,
    layers,
    lockdown,
    messages,
    programs,
    promises,
    python_cases,
    python_files,
    verifying,
)
from evalsite.grading.inside.python_reports import describe, to_blob
from evalsite.grading.inside.python_tests import CHANGING, said_of
from evalsite.grading.inside.rehearsing import rehearse
from evalsite.grading.inside.setup import DEVICES, Setup
from evalsite.grading.inside.warming import fill_holes, forget_the_machine, warm_up
from evalsite.grading.inside.watching import OUTPUT_TAIL, end_children

_MOST_BYTES = 8 << 20
"""Of tests whose code is kept."""
_PATIENCE_MS = 5000
"""For the tests of a program that has ended; they hear of it with their next question."""


class Tests:
    """The code of the tests that were asked for last, by a key that the grader gives them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, tuple[bytes, bytes, int]] = OrderedDict()
        self._right: dict[bytes, bytes] = {}

    def add(self, key: bytes, text: bytes, names: bytes, right: bytes) -> None:
        """Compile and keep tests, and what is known to be right. Raises what the compiler raises."""
        source = text.decode("utf-8", "surrogatepass")
        code = compile(source, messages.TESTS, "exec", dont_inherit=True)
        self._kept[key] = marshal.dumps(code), b"\0".join((said_of(source).encode(), names)), len(text)
        self.learn(key, right)
        while sum(size for _, _, size in self._kept.values()) > _MOST_BYTES and len(self._kept) > 1:
            self._right.pop(self._kept.popitem(last=False)[0], None)

    def learn(self, key: bytes, right: bytes) -> None:
        """Keep what is right for tests."""
        if right:
            self._right[key] = right

    def right(self, key: bytes) -> bytes:
        """What is known to be right for them; nothing where nothing is."""
        return self._right.get(key, b"")

    def find(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Their code and the names that came with them; None where they are not known."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][:2]


class Helper:
    """A process that works for this one, and the connection to it."""

    def __init__(self, serve: Callable[[socket.socket], None], others: Iterable[socket.socket]) -> None:
        """Fork it. It closes ``others``, the connections of this process."""
        self.stream, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self.stream.close()
            for other in others:
                other.close()
            with contextlib.suppress(BaseException):
                serve(theirs)
            os._exit(0)
        theirs.close()
        self.pidfd = os.pidfd_open(self.pid)
        self.known: set[bytes] = set()
        """Keys of the tests whose code it has."""

    def leave(self) -> None:
        """Let it end, and wait until it has cleaned up behind it."""
        self.stream.close()
        os.waitpid(self.pid, 0)
        os.close(self.pidfd)

    def end(self) -> None:
        """End it."""
        self.stream.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.pidfd)


def confine(setup: Setup) -> layers.Confinement:
    """Bring this process into the state that all samples begin with, as far as rights go. Raises OSError."""
    lockdown.set_server_limits()
    code = filtering.program(
        alone=not setup.makes_promises,
        owned=setup.uid is None,
        landlock=lockdown.landlock_version(),
    )
    if setup.has_own_user:
        lockdown.forgo_capabilities()
    if setup.has_namespaces:
        for device in DEVICES:
            lockdown.protect_device(device)
    if setup.makes_promises:
        lockdown.adopt_orphans()
    return layers.Confinement(setup, filter=None if code is None else filtering.Filter(code))


class Server:
    """Answers the grader."""

    def __init__(self, setup: Setup, control: socket.socket) -> None:
        """Bring the process into the state that all samples begin with. Raises OSError."""
        self.control = control
        self.tests = Tests()
        self.verifier: Helper | None = None
        self.confinement = confine(setup)
        warm_up(setup.imports)
        if not setup.packages_stay:  # they are imported; beside them may lie what is nobody's business
            sys.path[:] = [folder for folder in sys.path if folder not in setup.packages]
        rehearse()
        forget_the_machine()
        gc.enable()
        gc.collect()
        fill_holes()
        gc.freeze()
        self.confinement.own_memory = lockdown.address_space()
        self.programs = Helper(lambda stream: programs.serve(self.confinement, stream), [control])

    def serve(self) -> None:
        """Answer requests until the grader closes the connection."""
        kind, blobs = messages.receive(self.programs.stream)
        self.confinement.renew_ruleset()
        if kind == messages.HELLO and (broken := promises.broken(self.confinement)):
            kind, blobs = messages.REFUSED, ["; ".join(broken).encode()]
        self.start_verifier()
        messages.send(self.control, kind, *blobs)
        while True:
            try:
                kind, blobs = messages.receive(self.control)
            except messages.DisconnectedError:
                return
            if kind == messages.PROBE:
                probed = layers.probe(self.confinement, os.fsdecode(blobs[0])) | promises.probe(
                    self.confinement
                )
                messages.send(self.control, messages.PROBED, json.dumps(probed).encode())
            else:
                self.answer(*blobs)

    def answer(
        self,
        limits: bytes,
        key: bytes,
        source: bytes,
        text: bytes = b"",
        names: bytes | None = None,
        right: bytes = b"",
    ) -> None:
        """Run one program and say what happened."""
        if names is not None:
            try:
                self.tests.add(key, text, names, right)
            except Exception as exc:  # whatever it is, the tests are to blame, and no program
                told = to_blob(describe("tests", exc, [], 0))
                messages.send(self.control, messages.BROKEN_TESTS, told)
                return
        found = self.tests.find(key)
        if found is None:
            messages.send(self.control, messages.NEED_TESTS)
            return
        code, names = found
        self._start(limits, key, source, code, names)
        parts: list[bytes] = []
        learned: list[bytes] = []
        printed: list[bytes] = []
        noted = {verifying.REACHED: parts, verifying.LEARNED: learned, verifying.PRINTED: printed}
        verdict, report, blobs = self._wait(noted)
        if not blobs:
            raise messages.DisconnectedError("the grader or the server of programs has gone")
        outcome = messages.Outcome.unpack(blobs[0])
        if verdict == verifying.BROKEN and not outcome.cause:
            outcome = outcome._replace(cause=b"tests")
        outcome = outcome._replace(proven=verdict == verifying.PASSED)
        if blobs[2]:
            self.confinement.renew_ruleset()
        if blobs[2] or CHANGING.encode() in names.partition(b"\0")[0].split(b" ")[0]:
            self._end_verifier()  # its files are gone, and its rights name them; or it is not what it was
        for right in learned:
            self.tests.learn(key, right)
        output = b"".join([blobs[1], *printed])[-OUTPUT_TAIL:]
        answer = report, output, b"\0".join(parts), b"".join(learned)
        messages.send(self.control, messages.DONE, outcome.pack(), *answer)

    def start_verifier(self) -> Helper:
        """The server of the tests, started unless it is there."""
        if self.verifier is None:
            mine = [self.control, self.programs.stream]
            self.verifier = Helper(lambda stream: verifying.serve(self.confinement, stream), mine)
        return self.verifier

    def _start(self, limits: bytes, key: bytes, source: bytes, code: bytes, names: bytes) -> None:
        """Connect a new sample with the tests, and have both begin."""
        verifier = self.start_verifier()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            pid, told = programs.PID.pack(verifier.pid), b"" if key in verifier.known else code
            messages.send(self.programs.stream, messages.RUN, limits, pid, descriptor=theirs.fileno())
            blobs = limits, key, told, source, names, self.tests.right(key) if told else b""
            messages.send(verifier.stream, messages.RUN, *blobs, descriptor=ours.fileno())
            verifier.known.add(key)

    def _wait(self, noted: dict[bytes, list[bytes]]) -> tuple[bytes, bytes, list[bytes]]:
        """What the tests say, their report, and what the server of programs says (nothing: it has gone).

        What they say before that is ``noted`` by its kind.
        """
        assert self.verifier is not None
        verdict, report = b"", b""
        blobs: list[bytes] = []
        patience: int | None = None
        waiting = {self.verifier.stream: self.verifier, self.programs.stream: self.programs}
        while waiting:
            poller = select.poll()
            poller.register(self.control, 0)  # tells when the grader has gone
            poller.register(self.programs.pidfd, select.POLLIN)  # what it started may hold its connection
            for stream in waiting:
                poller.register(stream, select.POLLIN)
            ready = dict(poller.poll(patience))
            if self.control.fileno() in ready or self.programs.pidfd in ready:
                return b"", b"", []
            if self.programs.stream in waiting and self.programs.stream.fileno() in ready:
                del waiting[self.programs.stream]
                try:
                    _, blobs = messages.receive(self.programs.stream)
                except messages.DisconnectedError:
                    return b"", b"", []
                by_tests = messages.Outcome.unpack(blobs[0]).cause == b"tests"
                patience = 0 if by_tests else _PATIENCE_MS  # those that took all the time say nothing now
            if self.verifier.stream in waiting and (not ready or self.verifier.stream.fileno() in ready):
                try:
                    verdict, (report,) = (
                        messages.receive(self.verifier.stream) if ready else (verifying.BROKEN, (b"",))
                    )
                except messages.DisconnectedError:
                    verdict = verifying.BROKEN
                if verdict in noted:
                    noted[verdict].append(report)
                    continue
                del waiting[self.verifier.stream]
                if verdict == verifying.BROKEN:
                    self._end_verifier()
        return verdict, report, blobs

    def close(self) -> None:
        """End the others."""
        self._end_verifier()
        self.programs.leave()
        if self.confinement.setup.makes_promises:
            end_children()  # of a server of programs that was killed

    def _end_verifier(self) -> None:
        if self.verifier is not None:
            self.verifier.end()
            self.verifier = None


def main() -> None:
    """Serve on standard input, with the setup from the command line."""
    control = socket.socket(fileno=os.dup(0))
    # Each namespace's first process shares its server's memory: a handler there would be that one's, too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup = Setup.from_json(sys.argv[1])
    del sys.path[0]  # where these modules come from
    sys.path += setup.packages
    sys.stdout.reconfigure(line_buffering=True, encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        if setup.built:
            from evalsite.grading.inside import (
                commands,
            )  # whose library no sample in Python is to carry along

            gc.enable()
            commands.serve(confine(setup), control)
            return
        server = Server(setup, control)
    except OSError as exc:
        messages.send(control, messages.REFUSED, str(exc).encode("utf-8", "replace"))
        return
    with contextlib.suppress(ConnectionError):  # the grader has gone
        server.serve()
    server.close()
    os._exit(0)  # somebody waits, and what is left needs no tidying
