"""A plan, carried out: greet the servers, start the grader, open the run, ask and grade."""

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from evalsite.client.choosing import choose_api
from evalsite.client.core import Client
from evalsite.client.description import greet
from evalsite.client.endpoints import PATHS, Endpoint
from evalsite.client.patience import Patience
from evalsite.client.transport import Timeouts
from evalsite.counts.symptoms import CountedLoops
from evalsite.errors import EndpointError, EndpointFaultError
from evalsite.events import UNWATCHED, Listener, Watched, ignore, remark
from evalsite.grading.engine import Grader
from evalsite.kinds.prompts import build_prompt, style_for
from evalsite.rundir.schema import Api, Problem, Sighting
from evalsite.rundir.store import RunDir
from evalsite.runner.chronicle import UNBOUNDED, Budget, Spending
from evalsite.runner.grade import note
from evalsite.runner.plan import Plan, begin, extend
from evalsite.runner.produce import Produced, produce
from evalsite.runner.recording import describe_dataset, utc_now
from evalsite.runner.trial import try_grading

T = TypeVar("T")

NO_RUN = "No answer came, so no run is left."
_LOOK_S = 0.5
"""Between two looks at work in another thread: on Windows nothing interrupts a thread that waits."""


@dataclass(frozen=True)
class Connection:
    """How to reach the model. None of it is recorded but the endpoints' URLs."""

    endpoints: tuple[Endpoint, ...]
    concurrency: int = 8
    """Requests in flight."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    budget: Budget = UNBOUNDED
    """When to stop asking in any case."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_key: str = field(default="", repr=False)
    client_class: type[Client] = Client

    def client(self, plan: Plan) -> Client:
        """Return a client for the plan, not yet started."""
        return self.client_class(
            self.endpoints,
            plan.settings,
            model=plan.model.name,
            concurrency=self.concurrency,
            timeouts=self.timeouts,
            headers=self.headers,
            api_key=self.api_key,
        )


def settle_api(
    connection: Connection, problem: Problem, model: str, listener: Listener = ignore
) -> tuple[Api, str]:
    """Ask by which API a model is to be asked, with one problem; return that, and what speaks for it.

    The first server that can be reached is asked. One that loads its model is waited for, and that is told.
    Works inside of a running event loop, too. Raises :class:`EndpointError` where neither API works.
    """
    prompts = {api: build_prompt(problem, style_for(api, problem)) for api in PATHS}
    for_s = min(connection.timeouts.patience_s, connection.timeouts.unproven_s)
    patience = Patience(for_s, lambda notice: remark(listener, note(notice.sentence)))

    async def first_told(_stop: asyncio.Event) -> tuple[Api, str]:
        unheard: list[EndpointFaultError] = []
        for endpoint in connection.endpoints:
            try:
                return await choose_api(
                    endpoint,
                    model,
                    prompts,
                    headers=connection.headers,
                    api_key=connection.api_key,
                    patience=patience,
                )
            except EndpointFaultError as error:
                unheard.append(error)
        raise unheard[0]

    try:
        api, refused = _wait_for(first_told)
    except EndpointError as error:
        nothing = "resume" in (error.hint or "")  # there is nothing yet to go on with
        error.hint = f"{'Is the server up, and this its address?' if nothing else error.hint} {NO_RUN}"
        raise
    if api == "chat":
        return api, "asked by the chat API, which it answers (--api completions for a base model)"
    return api, f"asked to continue code, by the completions API, since it has no chat: {refused}"


OpenRun = Callable[[Plan], AbstractContextManager[RunDir]]
"""Creates or extends the run directory, once server and sandbox are known to work; locked while within."""


def new_run(runs_dir: Path) -> OpenRun:
    """Return what begins a new run below ``runs_dir``, and takes it away again if it never got an answer."""

    @contextlib.contextmanager
    def opened(plan: Plan) -> Iterator[RunDir]:
        first = not runs_dir.exists()
        run_dir = begin(plan, runs_dir)
        try:
            with run_dir.lock():
                yield run_dir
        finally:
            if run_dir.exists() and run_dir.is_empty():
                run_dir.remove()
                if first:
                    with contextlib.suppress(OSError):  # somebody else has begun a run there meanwhile
                        runs_dir.rmdir()

    return opened


def ask(
    plan: Plan,
    connection: Connection,
    open_run: OpenRun,
    grader: Grader | None,
    watched: Watched = UNWATCHED,
    *,
    needs_server: bool = True,
) -> tuple[RunDir, Produced]:
    """Ask for what the run lacks and grade it; return the run and how asking ended.

    ``grader`` is not yet started; with None nothing is graded now. ``needs_server`` is False where the run
    has all answers already: then no server need be there. Works inside of a running event loop, too, such as
    a notebook's: there an interrupt has what has arrived graded, and leaves a run that can be resumed. A new
    run that never got an answer leaves nothing: the run that is returned does not exist then.

    Raises :class:`EndpointError` where no server answers, :class:`SandboxError` where grading does not work
    here, and what opening the run raises; no run is begun before both are known to work.
    """
    if plan.settings.temperature == 0 and plan.num_samples > 1:
        alike = "at temperature 0 all samples of a problem are (nearly) the same; pass@k will say little"
        remark(watched.listener, note(alike))
    try:
        plan = _with_sightings(plan, connection, watched.listener)
    except EndpointError as exc:
        if needs_server:
            raise
        remark(watched.listener, note(f"{exc.message}; no server is needed, for the run has all answers"))
    if grader is not None:
        grader.expect(plan.eventually())
    with grader or contextlib.nullcontext():
        described = None
        if grader is not None and plan.grading is not None:
            dataset = describe_dataset(plan.dataset)
            described = try_grading(plan.grading, grader, plan.eventually(), watched.listener, dataset)
        plan = dataclasses.replace(plan, grading=described)
        with open_run(plan) as run_dir, watched.within(run_dir.path):
            return run_dir, _wait_for(lambda stop: _produce(run_dir, plan, connection, grader, watched, stop))


async def _produce(
    run_dir: RunDir,
    plan: Plan,
    connection: Connection,
    grader: Grader | None,
    watched: Watched,
    stop: asyncio.Event,
) -> Produced:
    """Ask for what is lacking; of a run that stops when it is decided, look at it, and ask for more."""
    spent = Spending(connection.budget, stop, CountedLoops.of(plan.settings))
    with watched.interrupts(stop), spent:
        async with connection.client(plan) as client:
            while True:
                produced = await produce(run_dir, client, grader, stop, watched.listener, spent)
                complete = produced.status == "complete"
                if not complete or not await asyncio.to_thread(_asks_more, run_dir, plan, watched.listener):
                    return produced


def _asks_more(run_dir: RunDir, plan: Plan, listener: Listener) -> bool:
    """Look at a run that has all it asked for, and let it ask for more where nothing is decided yet."""
    if plan.deciding is None:
        return False
    look = plan.deciding.look(run_dir)
    if look is None:
        return False
    remark(listener, plan.deciding.told(look))
    further = plan.deciding.next_stop(look)
    if further is not None:
        extend(run_dir, dataclasses.replace(plan, max_problems=further, sightings=()))
    return further is not None


def _with_sightings(plan: Plan, connection: Connection, listener: Listener) -> Plan:
    """Ask the servers who they are, and say what speaks against the run: a short ``evalsite doctor``."""
    found = _wait_for(
        lambda _stop: greet(connection.endpoints, headers=connection.headers, api_key=connection.api_key)
    )
    for endpoint, description in zip(connection.endpoints, found, strict=True):
        for doubt in description.doubts(plan.model.name, plan.settings.max_tokens):
            remark(listener, note(f"{endpoint.url}: {doubt}"))
    now = utc_now()
    return dataclasses.replace(
        plan,
        model=structs.replace(plan.model, server=found[0].told),
        sightings=tuple(
            Sighting(at=now, endpoint=endpoint.url, told=description.told)
            for endpoint, description in zip(connection.endpoints, found, strict=True)
        ),
    )


def _wait_for(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run to the end, in a thread of its own where this one has a loop that is running.

    ``work`` is given the event that stops it gracefully.
    """

    async def carried_out() -> T:
        return await work(asyncio.Event())

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(carried_out())
    return _beside(work)


def _beside(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run in another thread. An interrupt of this one stops the work, a second one breaks it off; what was
    reached by then is kept, and KeyboardInterrupt raised.
    """
    begun: Future[tuple[Callable[[], object], Callable[[], object]]] = Future()

    async def carried_out() -> T:
        loop, task, stop = asyncio.get_running_loop(), asyncio.current_task(), asyncio.Event()
        assert task is not None
        begun.set_result(
            (lambda: loop.call_soon_threadsafe(stop.set), lambda: loop.call_soon_threadsafe(task.cancel))
        )
        return await work(stop)

    interrupts = 0
    with ThreadPoolExecutor(1, thread_name_prefix="asking") as beside:
        done = beside.submit(asyncio.run, carried_out())
        while not done.done():
            try:
                wait({done}, _LOOK_S)
            except KeyboardInterrupt:
                interrupts += 1
                with contextlib.suppress(RuntimeError):  # it has just ended
                    begun.result()[min(interrupts, 2) - 1]()
    if interrupts:
        raise KeyboardInterrupt
    return done.result()
