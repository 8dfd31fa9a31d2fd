"""What ``run`` and ``resume`` share: ask, grade, show progress, stop gracefully, say how it went."""

import asyncio
import contextlib
import dataclasses
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import ClassVar

import click
from msgspec import structs

from evalsite.cli.console import printable, progress_bar, resumable, say
from evalsite.cli.options import GradingOptions
from evalsite.client import Client, Endpoint, Missing, Timeouts
from evalsite.client.description import greet
from evalsite.counts.loaded import load_run
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK, EndpointError, IncompleteError
from evalsite.grade.engine import Grader
from evalsite.rundir.schema import Sighting
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import Watch, check_sandbox, describe_grading
from evalsite.runner.plan import Plan, begin, utc_now
from evalsite.runner.produce import Produced, produce
from evalsite.stats.steadiness import changes_answered


@dataclass(frozen=True)
class Connection:
    """How to reach the model. None of it is recorded but the endpoints' URLs."""

    kind: ClassVar[type[Client]] = Client

    endpoints: tuple[Endpoint, ...]
    concurrency: int
    timeout_s: float
    headers: Mapping[str, str] = field(repr=False)
    api_key: str = field(repr=False)

    def client(self, plan: Plan) -> Client:
        """Return a client for the plan, not yet started."""
        return self.kind(
            self.endpoints,
            plan.settings,
            model=plan.model.name,
            concurrency=self.concurrency,
            timeouts=Timeouts(request_s=self.timeout_s),
            headers=self.headers,
            api_key=self.api_key,
        )


Open = Callable[[Plan], AbstractContextManager[RunDir]]
"""Creates or extends the run directory, once server and sandbox are known to work; locked while within."""


def new_run(runs_dir: Path) -> Open:
    """Return what begins a new run below ``runs_dir``."""

    @contextlib.contextmanager
    def opened(plan: Plan) -> Iterator[RunDir]:
        run_dir = begin(plan, runs_dir)
        with run_dir.lock():
            yield run_dir

    return opened


def produce_run(
    plan: Plan,
    connection: Connection,
    options: GradingOptions,
    open_run: Open,
    *,
    grade: bool = True,
    asks: bool = True,
) -> int:
    """Carry out a plan; return the exit code. Prints the run's path last.

    ``asks`` says whether there is anything to ask: else no server need be there.
    """
    if plan.settings.temperature == 0 and plan.num_samples > 1:
        say("note: at temperature 0 all samples of a problem are (nearly) the same; pass@k will say little")
    try:
        plan = _with_sightings(plan, connection)
    except EndpointError as exc:
        if asks:
            raise
        say(f"note: {exc.message}; no server is needed, for the run has all answers")
    with options.grader() if grade else contextlib.nullcontext() as grader:
        if grader is not None and options.preflight and (warning := check_sandbox(grader, plan.problems())):
            say(f"preflight: {warning}")
        grading = describe_grading(options.grading(), grader) if grader is not None else None
        plan = dataclasses.replace(plan, grading=grading)
        label = printable(plan.model.name)
        with open_run(plan) as run_dir, resumable(run_dir.path, "resume"), progress_bar(label) as watch:
            produced = asyncio.run(_produce(run_dir, connection.client(plan), grader, watch))
    for change in changes_answered(load_run(run_dir).summary):
        say(f"warning: {change}")
    click.echo(run_dir.path)
    return _conclude(run_dir.path, produced)


def _with_sightings(plan: Plan, connection: Connection) -> Plan:
    """Ask the servers who they are, and say what speaks against the run: a short ``evalsite doctor``."""
    found = asyncio.run(greet(connection.endpoints, headers=connection.headers, api_key=connection.api_key))
    for endpoint, description in zip(connection.endpoints, found, strict=True):
        for doubt in description.doubts(plan.model.name, plan.settings.max_tokens):
            say(f"note: {endpoint.url}: {doubt}")
    now = utc_now()
    return dataclasses.replace(
        plan,
        model=structs.replace(plan.model, server=found[0].told),
        sightings=tuple(
            Sighting(at=now, endpoint=endpoint.url, told=description.told)
            for endpoint, description in zip(connection.endpoints, found, strict=True)
        ),
    )


async def _produce(run_dir: RunDir, client: Client, grader: Grader | None, watch: Watch) -> Produced:
    """Produce with the first Ctrl-C turned into a graceful stop; the second one is Python's own."""
    stop = asyncio.Event()
    with _first_interrupt(stop):
        async with client:
            return await produce(run_dir, client, grader, watch, stop)


@contextlib.contextmanager
def _first_interrupt(stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C set ``stop``. By a plain handler: Windows' loops have none of their own."""
    loop = asyncio.get_running_loop()

    def tell() -> None:
        stop.set()
        say("stopping: grading what has arrived (Ctrl-C again to leave at once)")

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(tell)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _conclude(path: Path, produced: Produced) -> int:
    if produced.failure is not None:
        produced.failure.hint = f"Everything that was answered is kept. Go on with: evalsite resume {path}"
        raise produced.failure
    if produced.status == "interrupted":
        say(f"interrupted: everything that was answered is kept. Go on with: evalsite resume {path}")
        return EXIT_INTERRUPTED
    if produced.status == "incomplete":
        raise IncompleteError(
            f"{len(produced.missing)} samples could not be had: {_reasons(produced.missing)}",
            hint=f"They count neither for nor against the model. Ask again: evalsite resume {path}",
        )
    return EXIT_OK


def _reasons(missing: tuple[Missing, ...]) -> str:
    reasons: dict[str, int] = {}
    for sample in missing:
        reasons[sample.error] = reasons.get(sample.error, 0) + 1
    ordered = sorted(reasons.items(), key=lambda item: -item[1])[:3]
    return "; ".join(f"{count} x {printable(reason)}" for reason, count in ordered)
