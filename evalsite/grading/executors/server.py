"""One fork server in the sandbox, as it is seen from outside."""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess

from evalsite.grading import refused
from evalsite.grading.environments import Environment, environment_of
from evalsite.grading.execution import BROKEN_TESTS, Execution, parse_report
from evalsite.grading.executors.base import Conditions, Task
from evalsite.grading.expected import Expected
from evalsite.grading.inside import messages
from evalsite.grading.sandboxes import BACKENDS
from evalsite.grading.sandboxes.base import C_LIBRARY
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

_START_S = 60.0
_GRACE_S = 30.0
_CLOSE_S = 2.0
_TESTS_KEY = struct.Struct("!qQ")


class WorkerDiedError(Exception):
    """A fork server has gone or does not answer."""


class Server:
    """One fork server, as seen from outside. Belongs to the thread that started it and dies with it."""

    def __init__(
        self, sandbox: Sandbox, limits: Limits, *, environment: str | Environment, index: int
    ) -> None:
        """Start it and wait until it is ready. Raises SandboxError where the machine refuses."""
        environment = environment_of(environment)
        self._python = environment.interpreter
        self.limits = limits
        self.work = ""
        self.backend = BACKENDS[sandbox]
        self._ends_by_itself = not self.backend.has_namespaces
        try:
            self._begin(environment, index)
        except OSError as exc:  # no process, descriptor or memory to be had
            if exc.filename and not self.work:
                raise refused.no_folder(exc) from exc
            raise refused.explain_refusal(str(exc), sandbox) from exc
        self.conditions = self._hello()
        self._expected = Expected(self.conditions)

    def _begin(self, environment: Environment, index: int) -> None:
        self.work = self.backend.make_work_folder()
        command = self.backend.command(self.limits, environment=environment, index=index, work=self.work)
        self.stream, theirs = socket.socketpair()
        variables = {"PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1"}
        variables |= C_LIBRARY
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=variables,
                start_new_session=True,  # a Ctrl-C in the terminal is the grader's to answer
            )

    def _hello(self) -> Conditions:
        self.stream.settimeout(_START_S)
        try:
            kind, blobs = messages.receive(self.stream)
        except (OSError, ValueError) as exc:
            last_words = self.kill()
            raise refused.explain_refusal(last_words or str(exc), self.backend.name) from exc
        if kind == messages.REFUSED:
            self.kill()
            raise refused.explain_refusal(blobs[0].decode("utf-8", "replace"), self.backend.name)
        hello = json.loads(blobs[0])
        python = self._python
        return Conditions(
            tuple(hello["layers"]),
            hello["python"],
            python.packages,
            python.preload,
            sandbox=self.backend.name,
        )

    def probe(self, outside: str) -> dict[str, str]:
        """Layer -> what is wrong with it, or nothing. ``outside`` is a file of the host's."""
        messages.send(self.stream, messages.PROBE, os.fsencode(outside))
        _, (found,) = messages.receive(self.stream)
        return {str(name): str(wrong) for name, wrong in json.loads(found).items()}

    def run(self, task: Task) -> Execution:
        """Run one program. Raises WorkerDiedError when the server goes or says nothing in time."""
        request = self.request(task)
        names = "\0".join(
            (task.run_as, task.entry_function, task.prelude, " ".join(task.shared_names), *task.own_names)
        ).encode()
        key = _TESTS_KEY.pack(hash((task.tests, names)), len(task.tests))
        blobs = [request.pack(), key, task.source.encode("utf-8", "surrogatepass")]
        try:
            self.be_patient(request.wall_s)
            kind, answer = self._ask(blobs)
            if kind == messages.NEED_TESTS:
                tests = task.tests.encode("utf-8", "surrogatepass")
                right = self._expected.find(task.tests) if task.asks_reference else b""
                kind, answer = self._ask([*blobs, tests, names, right])
            if kind == messages.BROKEN_TESTS:
                return Execution(cause=BROKEN_TESTS, report=parse_report(answer[0]))
            *told, learned = answer[1:]
            if learned and task.asks_reference:
                self._expected.keep(task.tests, learned)
            return self.execution(messages.Outcome.unpack(answer[0]), told, task)
        except (OSError, ValueError, struct.error) as exc:
            raise WorkerDiedError(str(exc)) from exc

    def request(self, task: Task) -> messages.Request:
        """The limits of a task."""
        return messages.Request(
            cpu_s=task.cpu_s,
            wall_s=task.cpu_s * self.limits.wall_factor,
            memory=task.memory_mib << 20,
            file_size=self.limits.file_mib << 20,
            processes=self.limits.processes,
            output=self.limits.output_kib << 10,
            in_process=task.in_process,
        )

    def be_patient(self, wall_s: float) -> None:
        """Wait for an answer as long as it may take that has such a limit."""
        self.stream.settimeout(wall_s * messages.WALL_PATIENCE + _GRACE_S)

    def _ask(self, blobs: list[bytes]) -> tuple[bytes, list[bytes]]:
        messages.send(self.stream, messages.RUN, *blobs)
        return messages.receive(self.stream)

    def execution(self, outcome: messages.Outcome, told: list[bytes], task: Task) -> Execution:
        """What an answer says: how it ended, and ``told`` its report, its output, and the parts of its tests
        that passed. Raises SandboxError where the program was never run.
        """
        report, output, parts = told
        if outcome.unconfined:
            raise refused.explain_refusal(output.decode("utf-8", "replace"), self.backend.name)
        return Execution(
            cause=outcome.cause.decode("ascii"),
            status=outcome.status,
            proven=outcome.proven,
            parts=tuple(parts.decode("utf-8", "replace").split("\0")) if parts else (),
            report=parse_report(report),
            output=output.decode("utf-8", "replace"),
            cpu_s=outcome.cpu_s,
            wall_s=outcome.wall_s,
            peak_mib=outcome.peak_mib,
            cpu_limit_s=task.cpu_s,
            memory_limit_mib=task.memory_mib,
        )

    def close(self) -> None:
        """Let the server end, which it does when nobody is left to ask; kill it if it does not."""
        self.stream.close()
        self._wait_for_end()
        self.kill()

    def _wait_for_end(self) -> None:
        """At most as long as that may take. Popen would look now and then, and sleep between."""
        try:
            ends = os.pidfd_open(self.process.pid)
        except OSError:  # it has been waited for, or the kernel or a container knows no such call
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_CLOSE_S)
            return
        poller = select.poll()
        poller.register(ends, select.POLLIN)
        poller.poll(_CLOSE_S * 1000)
        os.close(ends)

    def break_off(self) -> None:
        """End it under whoever is waiting for its answer, in another thread."""
        if self._ends_by_itself:
            with contextlib.suppress(OSError):  # it has gone
                self.stream.shutdown(socket.SHUT_RDWR)
        else:
            self.process.kill()

    def kill(self) -> str:
        """End the server and everything in it; returns its last words.

        Where no namespace ends with it, it ends what it has started itself, if it can.
        """
        self.stream.close()
        if self._ends_by_itself:
            self._wait_for_end()
        self.process.kill()
        assert self.process.stderr is not None
        if self.process.stderr.closed:  # it has been killed before
            return ""
        with self.process.stderr as stderr:
            self.process.wait()
            os.set_blocking(stderr.fileno(), False)
            last_words = stderr.read() or b""
        self.backend.remove(self.work)
        return last_words.decode("utf-8", "replace")
