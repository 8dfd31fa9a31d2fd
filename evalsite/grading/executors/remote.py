"""What a worker of a cluster does: it says what it is, and runs batches of programs in a sandbox of its own.

Everything here runs on the worker. Tasks and executions travel as bytes, so that neither the scheduler nor
whoever asks has to unpack objects that a worker made.
"""

import contextlib
import functools
import pickle
import platform
import threading
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from evalsite.errors import EvalsiteError, SandboxError
from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Executor, Task
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.interpreters import named_interpreter
from evalsite.grading.refused import note_of_choice
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

_PACKAGE = Path(__file__).resolve().parents[2]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How a worker is to run programs."""

    limits: Limits
    sandbox: Sandbox | None
    """None: the first that starts on the worker."""
    owner: str
    """Who asks: each has a sandbox of its own on a worker."""
    python: str = ""
    """Where the worker has the Python that programs run in; empty for evalsite's own."""
    preload: str | None = None
    """Modules of it to import beforehand, with commas between them."""
    packages: str = ""
    """Where the worker has the folder of packages for programs of other languages; empty for none."""


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says of itself."""

    evalsite: str
    """A hash of its evalsite's code."""
    python: str
    """Version of the interpreter that the worker is written in."""
    refusal: str = ""
    """Why it cannot run programs safely; or nothing."""
    sandbox: Sandbox | None = None
    """The one that its programs run in."""
    note: str = ""
    """What to tell people of it."""
    layers: tuple[str, ...] = ()
    inside: str = ""
    """Version of the interpreter that runs the programs."""
    packages: tuple[tuple[str, str], ...] = ()
    """What is installed there, where it is not evalsite's own."""
    preload: tuple[str, ...] = ()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a batch, in the order of its tasks."""

    executions: list[Execution | str]
    """For each task what happened, or why it could not be run."""
    wall_s: float
    toolchains: tuple[tuple[str, str], ...] = ()
    """Language and version of the tools that the worker has met so far."""


@functools.cache
def code_hash() -> str:
    """A hash over the code of this evalsite: two that differ may judge differently."""
    state = blake2b(digest_size=16)
    files = (path for path in _PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted(files):
        data = path.read_bytes()
        state.update(f"{path.relative_to(_PACKAGE).as_posix()}\0{len(data)}\0".encode() + data)
    return state.hexdigest()


def pack_tasks(tasks: Sequence[Task]) -> bytes:
    """Tasks as bytes; who runs them trusts who asks, as every Dask worker does."""
    return pickle.dumps(list(tasks), protocol=pickle.HIGHEST_PROTOCOL)


def describe(settings: bytes, dask_worker: Any = None) -> bytes:
    """Start this worker's sandbox, and say what it is. Dask fills ``dask_worker`` in."""
    said = Worker(evalsite=code_hash(), python=platform.python_version())
    asked = msgspec.json.decode(settings, type=Settings)
    try:
        with _executor(settings, dask_worker) as executor:
            conditions = executor.conditions
    except Exception as exc:  # as words: what it is made of may not travel
        why = exc.message if isinstance(exc, EvalsiteError) else f"{type(exc).__name__}: {exc}"
        return msgspec.json.encode(msgspec.structs.replace(said, refusal=why))
    return msgspec.json.encode(
        msgspec.structs.replace(
            said,
            sandbox=conditions.sandbox,
            note=note_of_choice(asked.sandbox, conditions.sandbox),
            layers=conditions.layers,
            inside=conditions.python,
            packages=conditions.packages,
            preload=conditions.preload,
        )
    )


def run_batch(settings: bytes, tasks: bytes) -> bytes:
    """Run tasks side by side with those of other batches of this worker."""
    begun = time.monotonic()
    from distributed import get_worker  # an extra; on a worker it is there

    executions: list[Execution | str] = []
    with _executor(settings, get_worker()) as executor:
        futures = [executor.submit(task) for task in pickle.loads(tasks)]  # noqa: S301 - of who asks
        for future in futures:
            try:
                executions.append(future.result())
            except SandboxError as exc:
                executions.append(exc.message)
        toolchains = executor.conditions.toolchains
    wall_s = time.monotonic() - begun
    return msgspec.json.encode(Batch(executions=executions, wall_s=wall_s, toolchains=toolchains))


_IDLE_S = 900.0
"""After so long without a batch a sandbox's owner is taken to be gone."""


class _Started:
    """The sandbox that one owner uses on this worker."""

    def __init__(self, settings: Settings, threads: int) -> None:
        if settings.packages and not Path(settings.packages).is_dir():
            raise SandboxError(f"it has no folder {settings.packages} (--sandbox-packages)")
        executor = LocalExecutor(
            settings.limits,
            sandbox=settings.sandbox,
            workers=threads,
            interpreter=named_interpreter(settings.python, settings.preload),
            packages=settings.packages,
        )
        self.executor: Executor = executor.__enter__()
        self.used = time.monotonic()
        self.batches = 0

    def close(self) -> None:
        self.executor.__exit__(None, None, None)


_started: dict[bytes, _Started] = {}
_starting = threading.Lock()


@contextlib.contextmanager
def _executor(settings: bytes, worker: Any) -> Iterator[Executor]:
    """The executor that this worker has for an owner, started where it is needed first."""
    with _starting:
        _end_idle()
        if settings not in _started:
            _started[settings] = _Started(msgspec.json.decode(settings, type=Settings), worker.state.nthreads)
        started = _started[settings]
        started.batches += 1
    try:
        yield started.executor
    finally:
        with _starting:
            started.batches -= 1
            started.used = time.monotonic()


def _end_idle() -> None:
    late = time.monotonic() - _IDLE_S
    for settings in [key for key, each in _started.items() if not each.batches and each.used < late]:
        _started.pop(settings).close()


def end(settings: bytes) -> None:
    """End the sandbox that ran with these settings: its owner asks for nothing more."""
    with _starting:
        if settings in _started:
            _started.pop(settings).close()
