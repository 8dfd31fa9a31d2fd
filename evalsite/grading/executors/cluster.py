"""Runs tasks on the workers of a Dask cluster, each of which has a sandbox of its own.

Tasks go out in batches that take about half a second, to any worker that was found to be fit, and results
come back in the order in which batches end. A batch whose worker goes is given to another one by the
scheduler. https://distributed.dask.org
"""

import contextlib
import logging
import math
import platform
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Self

import msgspec

from evalsite.errors import IncompleteError, SandboxError, UsageError
from evalsite.grading.execution import Execution
from evalsite.grading.executors import remote
from evalsite.grading.executors.base import Conditions, Queued, Task
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

_LOG = logging.getLogger(__name__)

BATCH_S = 0.5
"""What a batch is to take: long against the cost of sending it, short against the wait for its results."""
_FIRST_BATCH, _MOST_IN_BATCH = 4, 64
_BATCHES_EACH = 2
"""Batches under way for each thread of a worker: one runs, one waits for it to end."""
_LOOK_S = 2.0
_CONNECT_S = 15.0
_ABANDONED_S = 300.0
"""How long no worker may be left before the work is given up."""


@dataclass(eq=False)
class _Batch:
    entries: list[Queued]
    asked: Any = None
    """Dask's future of it, once it is sent."""

    def fail(self, exc: BaseException) -> None:
        for entry in self.entries:
            entry.future.set_exception(exc)


class ClusterExecutor:
    """Runs tasks on a Dask cluster at ``address``, such as ``tcp://host:8786``.

    Entering raises SandboxError where no scheduler answers or no worker is fit. If the scheduler goes while
    tasks are under way, their futures hold IncompleteError.
    """

    def __init__(
        self,
        address: str,
        limits: Limits,
        *,
        sandbox: Sandbox | None = None,
        python: str = "",
        preload: str | None = None,
        packages: str = "",
    ) -> None:
        """``sandbox``: None for the first that starts on each worker, of which the one with most threads
        counts. ``python``: where each worker has the Python that programs run in; empty for evalsite's own.
        ``packages``: where each has the folder of packages for programs of other languages.
        """
        self.address = address
        self.limits = limits
        self.conditions = Conditions()
        self.unfit: dict[str, str] = {}
        """Worker -> why it is left out."""
        settings = remote.Settings(
            limits=limits,
            sandbox=sandbox,
            owner=secrets.token_hex(8),
            python=python,
            preload=preload,
            packages=packages,
        )
        self._settings = msgspec.json.encode(settings)
        self._fit: dict[str, int] = {}
        self._waiting: deque[Queued] = deque()
        self._under_way: set[_Batch] = set()
        self._each_s = BATCH_S / _FIRST_BATCH
        self._changed = threading.Condition()
        self._closing = False
        self._dispatcher = threading.Thread(target=self._dispatch, name="cluster", daemon=True)

    @property
    def workers(self) -> int:
        """Tasks that run at the same time, on all fit workers together."""
        return sum(self._fit.values())

    def begun(self) -> contextlib.AbstractContextManager[None]:
        """Workers start their sandboxes once they are asked."""
        return contextlib.nullcontext()

    def __enter__(self) -> Self:
        """Connect, and find the workers that are fit. Raises SandboxError where there is none."""
        self._client = _connect(self.address)
        try:
            self._look()
            if not self._fit:
                raise SandboxError(
                    f"no worker of {self.address} can run programs{self._why_unfit()}",
                    hint="Start 'dask worker' with this same evalsite where 'evalsite doctor' is content.",
                )
        except BaseException:
            self._client.close()
            raise
        self._dispatcher.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Cancel what waits, break off what is under way, and end the workers' sandboxes."""
        with self._changed:
            self._closing = True
            waiting = list(self._waiting)
            self._waiting.clear()
            under_way, self._under_way = self._under_way, set()
            self._changed.notify_all()
        self._dispatcher.join()
        for entry in waiting:
            entry.future.cancel()
        for batch in under_way:
            batch.fail(RuntimeError("the grader was closed before the program had ended"))
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            self._client.cancel([batch.asked for batch in under_way if batch.asked is not None])
            self._client.run(remote.end, self._settings, workers=list(self._fit), on_error="ignore")
        self._client.close()

    def submit(self, task: Task) -> "Future[Execution]":
        """Queue a task; its future holds the execution, or why it could not be had."""
        entry = Queued(task)
        with self._changed:
            if self._closing:
                raise RuntimeError("the grader is closed")
            self._waiting.append(entry)
            self._changed.notify_all()
        return entry.future

    def _dispatch(self) -> None:
        """Send batches while there is room, and look now and then who came and who went."""
        looked = lonely_since = time.monotonic()
        while not self._closing:
            with self._changed:
                if not self._room():
                    self._changed.wait(_LOOK_S)
                batches = list(iter(self._next_batch, None))
            for batch in batches:
                self._send(batch)
            now = time.monotonic()
            if now - looked >= _LOOK_S:
                looked = now
                self._look_again()
            if self._fit:
                lonely_since = now
            if self._client.status in ("closed", "closing"):
                self._give_up(f"the scheduler at {self.address} is gone")
            elif now - lonely_since > _ABANDONED_S:
                self._give_up(f"no worker of {self.address} is left{self._why_unfit()}")

    def _room(self) -> bool:
        return bool(self._waiting) and len(self._under_way) < self.workers * _BATCHES_EACH

    def _next_batch(self) -> _Batch | None:
        """What goes out next; None where all workers have enough. Called with the lock held.

        The last tasks are shared out, and one that is to run alone keeps no neighbours waiting.
        """
        if self._closing or not self._room():
            return None
        share = math.ceil(len(self._waiting) / (self.workers * _BATCHES_EACH))
        size = max(1, min(int(BATCH_S / self._each_s), _MOST_IN_BATCH, share))
        batch = _Batch([])
        while self._waiting and len(batch.entries) < size:
            alone = self._waiting[0].task.alone
            if alone and batch.entries:
                break
            entry = self._waiting.popleft()
            if entry.future.set_running_or_notify_cancel():
                batch.entries.append(entry)
            if alone:
                break
        if batch.entries:
            self._under_way.add(batch)
        return batch

    def _send(self, batch: _Batch) -> None:
        if not batch.entries:
            return
        tasks = remote.pack_tasks([entry.task for entry in batch.entries])
        try:
            batch.asked = self._client.submit(
                remote.run_batch,
                self._settings,
                tasks,
                workers=list(self._fit),
                allow_other_workers=False,
                pure=False,
            )
            batch.asked.add_done_callback(lambda _: self._arrived(batch))
        except Exception as exc:  # whatever the connection has to say
            self._take_back(batch)
            batch.fail(_lost(self.address, exc))

    def _arrived(self, batch: _Batch) -> None:
        """Hand out what came of a batch; called in a thread of Dask's."""
        if not self._take_back(batch):
            return
        asked, batch.asked = batch.asked, None
        if asked.status != "finished":
            self._failed(batch, asked)
            return
        found = msgspec.json.decode(asked.result(), type=remote.Batch)
        if not batch.entries[0].task.alone:
            self._each_s = 0.7 * self._each_s + 0.3 * max(found.wall_s / len(batch.entries), 1e-4)
        self._note_tools(found.toolchains)
        for entry, execution in zip(batch.entries, found.executions, strict=True):
            if isinstance(execution, str):
                entry.future.set_exception(SandboxError(execution))
            else:
                entry.future.set_result(execution)

    def _note_tools(self, found: tuple[tuple[str, str], ...]) -> None:
        """Tools are met when the first program needs them; of workers that differ in them all are named."""
        with self._changed:
            known = dict(self.conditions.toolchains)
            for language, version in found:
                met = {*filter(None, known.get(language, "").split(", ")), version}
                known[language] = ", ".join(sorted(met))
            self.conditions = replace(self.conditions, toolchains=tuple(sorted(known.items())))

    def _failed(self, batch: _Batch, asked: Any) -> None:
        """What took several workers with it is tried one by one; what does so again, is at fault."""
        exc = None if asked.status in ("cancelled", "lost") else asked.exception()
        if type(exc).__name__ != "KilledWorker":
            batch.fail(_lost(self.address, exc))
        elif len(batch.entries) == 1:
            task = batch.entries[0].task
            batch.entries[0].future.set_result(Execution(cause="worker", cpu_limit_s=task.cpu_s))
        else:
            for entry in batch.entries:
                single = _Batch([entry])
                with self._changed:
                    self._under_way.add(single)
                self._send(single)

    def _take_back(self, batch: _Batch) -> bool:
        """Strike a batch from what is under way; False where it was given up before."""
        with self._changed:
            if batch not in self._under_way:
                return False
            self._under_way.discard(batch)
            self._changed.notify_all()
            return True

    def _give_up(self, why: str) -> None:
        with self._changed:
            waiting = _Batch([each for each in self._waiting if each.future.set_running_or_notify_cancel()])
            self._waiting.clear()
            under_way, self._under_way = self._under_way, set()
        for batch in (waiting, *under_way):
            batch.fail(IncompleteError(why))

    def _look_again(self) -> None:
        try:
            self._look()
        except (OSError, RuntimeError, TimeoutError) as exc:
            _LOG.debug("looking for workers: %s", exc)

    def _look(self) -> None:
        """Ask workers that came since what they are; forget those that went."""
        there = {
            address: int(worker["nthreads"])
            for address, worker in self._client.scheduler_info(n_workers=-1)["workers"].items()
        }
        new = [address for address in there if address not in self._fit and address not in self.unfit]
        said = (
            self._client.run(remote.describe, self._settings, workers=new, on_error="return") if new else {}
        )
        with self._changed:
            workers = {address: _worker(said.get(address)) for address in new}
            if self.conditions == Conditions():
                self.conditions = _commonest(workers, there)
            for address, worker in workers.items():
                why = worker if isinstance(worker, str) else self._why_not(worker)
                if why:
                    self.unfit[address] = why
                else:
                    self._fit[address] = there[address]
            for address in set(self._fit) - set(there):
                del self._fit[address]
            self._changed.notify_all()
        for address in new:
            if address in self.unfit:
                _LOG.warning("worker %s is left out: %s", address, self.unfit[address])

    def _why_not(self, worker: remote.Worker) -> str:
        """Why a worker that can run programs is not fit beside the others; or nothing."""
        conditions, wanted = _conditions(worker), replace(self.conditions, notes=(), toolchains=())
        if conditions == wanted:
            return ""
        if conditions.sandbox != wanted.sandbox:
            return (
                f"its programs would run in the sandbox {conditions.sandbox}, those of others in "
                f"{wanted.sandbox} (--sandbox names one for all)"
            )
        return f"its programs run under other conditions: {conditions} instead of {wanted}"

    def _why_unfit(self) -> str:
        return "".join(f"\n  {address}: {why}" for address, why in sorted(self.unfit.items()))


def _worker(answer: Any) -> remote.Worker | str:
    """What a worker says of itself, or why it cannot be one."""
    if not isinstance(answer, bytes):
        return f"it has no evalsite that answers ({type(answer).__name__}: {answer})"
    worker = msgspec.json.decode(answer, type=remote.Worker)
    if worker.evalsite != remote.code_hash():
        return "it has another evalsite"
    if worker.python.split(".")[:2] != platform.python_version().split(".")[:2]:
        return f"it has Python {worker.python}, and here is {platform.python_version()}"
    return worker.refusal or worker


def _conditions(worker: remote.Worker) -> Conditions:
    return Conditions(worker.layers, worker.inside, worker.packages, worker.preload, sandbox=worker.sandbox)


def _commonest(workers: Mapping[str, remote.Worker | str], threads: Mapping[str, int]) -> Conditions:
    """The conditions under which most threads can run programs, with what is to be said of them."""
    votes: Counter[Conditions] = Counter()
    notes: dict[Conditions, str] = {}
    for address, worker in workers.items():
        if isinstance(worker, remote.Worker):
            votes[_conditions(worker)] += threads[address]
            notes.setdefault(_conditions(worker), worker.note)
    if not votes:
        return Conditions()
    found = max(votes, key=lambda each: votes[each])
    return replace(found, notes=tuple(filter(None, [notes[found]])))


def _connect(address: str) -> Any:
    try:
        distributed = import_module("distributed")  # an extra, and slow to import
    except ImportError as exc:
        raise UsageError(
            "--dask needs the package distributed", hint="python -m pip install 'evalsite[dask]'"
        ) from exc
    try:
        return distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as exc:
        raise SandboxError(
            f"no scheduler answers at {address}: {exc}",
            hint="'dask scheduler' prints its address when it starts; docs/scaling.md shows how.",
        ) from exc


def _lost(address: str, exc: BaseException | None) -> IncompleteError:
    why = f": {exc}" if exc else ""
    return IncompleteError(f"programs that were with {address} did not come back{why}")
