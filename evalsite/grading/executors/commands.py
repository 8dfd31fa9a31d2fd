"""A server of commands as it is seen from outside: it compiles and runs programs of other languages."""

import json
import secrets
import struct
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from evalsite.edits.exercise import decode_files, judged_of
from evalsite.grading.environments import Environment
from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Task
from evalsite.grading.executors.server import Server, WorkerDiedError
from evalsite.grading.inside import messages
from evalsite.grading.toolchains import find
from evalsite.kinds.judging import RunAs
from evalsite.languages import LANGUAGES
from evalsite.languages.failures import Ended
from evalsite.languages.toolchain import Step, Toolchain, ToolchainOfFiles
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

_HEAD = 4096
"""Bytes of output that are kept from its beginning, where the first error tells most."""


class CommandServer(Server):
    """Belongs to the thread that started it, as any server does."""

    def __init__(self, sandbox: Sandbox, limits: Limits, *, environment: Environment, index: int) -> None:
        """Start it. Raises SandboxError where the machine refuses, or lacks a tool."""
        found = find(environment.name, environment.further)
        self._language = LANGUAGES[environment.name]
        self._toolchain: Toolchain = found.toolchain
        super().__init__(sandbox, limits, environment=environment, index=index)
        self._place = replace(
            found.place,
            work=self.backend.work_folder(self.work),
            built=self.backend.built_folder(self.work),
            packages=self.backend.packages_folder(environment),
        )
        self.conditions = replace(self.conditions, toolchains=((environment.name, found.version),))

    def run(self, task: Task) -> Execution:
        """Compile and run one program. Raises WorkerDiedError as :meth:`Server.run` does."""
        program, tests = task.source, task.tests
        where = replace(self._place, memory_mib=task.memory_mib)
        if task.run_as is RunAs.FILES:
            assert isinstance(self._toolchain, ToolchainOfFiles)
            files, judged = decode_files(program), judged_of(tests)
            steps = self._toolchain.steps_of_files(files, judged.tests, judged.other, where)
            program, tests = "\n".join(files.values()), "\n".join(judged.tests.values())
        else:
            steps = self._toolchain.steps(program, tests, where)
        proof = secrets.token_hex(16).encode()
        requests = [self._request_of(step, task) for step in steps]
        told = json.dumps([self._told(step) for step in steps]).encode()
        try:
            self.be_patient(sum(request.wall_s for request in requests))
            messages.send(self.stream, messages.RUN, told, *_blobs(steps, requests, proof))
            _, (packed, said, output, place) = messages.receive(self.stream)
            outcome, number = messages.Outcome.unpack(packed), int(place)
        except (OSError, ValueError, struct.error) as exc:
            raise WorkerDiedError(str(exc)) from exc
        last = steps[number]
        own = f"{self._place.cache}/".encode()
        found = self.execution(outcome, [b"", output.replace(own, b""), b""], task)
        proven = number == len(steps) - 1 and said == proof
        ended = Ended(last.compiles, found.status, said, found.output, program, tests)
        report = None if found.cause or proven else self._language.failures.report_of(ended)
        if last.compiles:
            limits = requests[number]
            found = msgspec.structs.replace(
                found, cpu_limit_s=limits.cpu_s, memory_limit_mib=limits.memory >> 20, compiling=True
            )
        return msgspec.structs.replace(found, proven=proven, report=report)

    def _told(self, step: Step) -> dict[str, object]:
        home = {"HOME": self._place.work, "TMPDIR": self._place.work, "PATH": f"{self._place.cache}/bin"}
        return {
            "words": [step.words, *filter(None, [step.otherwise])],
            "variables": home | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"} | dict(step.variables),
            "files": list(step.files),
            "keeps": step.keeps,
            "reserves": self._toolchain.reserves_mib << 20,
            "told": step.is_told,
            "spread": step.on_all_processors,
            "head": _HEAD if step.compiles or step.keeps_head else 0,
        }

    def _request_of(self, step: Step, task: Task) -> messages.Request:
        request = self.request(task)
        if not step.compiles:
            return request
        return request._replace(
            cpu_s=self._toolchain.compile_cpu_s,
            wall_s=self._toolchain.compile_cpu_s * self.limits.wall_factor,
            memory=self._toolchain.compile_memory_mib << 20,
        )


def _blobs(steps: tuple[Step, ...], requests: list[messages.Request], proof: bytes) -> Iterator[bytes]:
    for step, request in zip(steps, requests, strict=True):
        yield request.pack()
        yield (proof + b"\n" if step.is_told else b"") + step.stdin
        yield from step.files.values()
