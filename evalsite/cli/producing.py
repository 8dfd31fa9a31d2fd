"""What ``run`` and ``resume`` share: ask, grade, show progress, stop gracefully, say how it went."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType

from evalsite import api
from evalsite.cli.console import as_typed, printable, resumable, say
from evalsite.cli.ending import end_with, refuse_ungraded, resuming
from evalsite.cli.options import GradingOptions
from evalsite.cli.progress import progress
from evalsite.cli.repeating import Repeat
from evalsite.client.trying import Missing
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK, IncompleteError
from evalsite.events import Watched
from evalsite.rundir.beside import write_repeat
from evalsite.rundir.store import RunDir
from evalsite.runner.ask import NO_RUN, Connection, OpenRun
from evalsite.runner.plan import Plan
from evalsite.runner.produce import Produced
from evalsite.stats.steadiness import changes_answered
from evalsite.words.commands import command
from evalsite.words.sentences import count

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a program to stop: Ctrl-C, a batch system or a container that ends, a terminal that goes away."""


def produce_run(
    plan: Plan,
    connection: Connection,
    options: GradingOptions,
    open_run: OpenRun,
    repeat: Repeat = Repeat(),  # noqa: B008 - it is frozen
    *,
    grade: bool = True,
    asks: bool = True,
) -> int:
    """Carry out a plan; return the exit code. Prints the run's path last.

    ``asks`` says whether there is anything to ask: else no server need be there.
    """
    with progress() as listener:
        finishing = "grading what has arrived" if grade else "keeping what has arrived"
        watched = Watched(listener, lambda path: _kept(path, repeat), partial(_first_interrupt, finishing))
        grader = options.grader() if grade else None
        run_dir, produced = api.ask(plan, connection, open_run, grader, watched, needs_server=asks)
    if not run_dir.exists():
        return _nothing_answered(produced)
    for change in changes_answered(api.open_run(run_dir.path).summary):
        say(f"warning: {change}")
    for sentence in produced.told:
        say(sentence)
    end_with(run_dir.path, next_step=produced.failure is None and produced.status == "complete")
    code = _conclude(run_dir.path, produced, repeat.again)
    if grade and code == EXIT_OK:
        refuse_ungraded(run_dir.path)
    return code


@contextlib.contextmanager
def _first_interrupt(finishing: str, stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C, or its kin in :data:`STOPPING`, set ``stop``, and say what is still done.

    By plain handlers: Windows' loops have none of their own.

    Only the main thread can have one; asking beside it (in a notebook) sees to interrupts by itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def tell() -> None:
        stop.set()
        say(f"stopping: {finishing} (Ctrl-C again to leave at once)")

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.default_int_handler)
        loop.call_soon_threadsafe(tell)

    heard = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]  # nohup's
    before = {number: signal.signal(number, on_interrupt) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing_answered(produced: Produced) -> int:
    """Say why there is no run: nothing to go on with, and nothing to be listed anywhere."""
    if produced.failure is not None:
        hint = produced.failure.hint or ""
        produced.failure.hint = NO_RUN if "resume" in hint else f"{hint} {NO_RUN}".strip()
        raise produced.failure
    if produced.status == "interrupted":
        say(f"interrupted. {NO_RUN}")
        return EXIT_INTERRUPTED
    raise IncompleteError(
        f"no sample could be had: {_reasons(produced.missing)}",
        hint=f"{NO_RUN} Look at the server with: evalsite doctor --model-endpoint URL",
    )


@contextlib.contextmanager
def _kept(path: Path, repeat: Repeat) -> Iterator[None]:
    """Write down what a later command takes over, and say how to go on after an interrupt."""
    write_repeat(RunDir(path), repeat.written)
    with resumable(path, lambda run: (*resuming(run), *repeat.again)):
        yield


def _conclude(path: Path, produced: Produced, again_words: tuple[str, ...]) -> int:
    words = (*resuming(path), *again_words)
    again = command(*words)
    if produced.failure is not None:
        produced.failure.hint = f"Everything that was answered is kept. Go on with: {again}"
        raise produced.failure
    if produced.status == "interrupted":
        say(f"interrupted: everything that was answered is kept. Go on with: {as_typed(*words)}")
        return EXIT_INTERRUPTED
    if produced.status == "incomplete" and not produced.missing:
        raise IncompleteError(
            "the run ended before everything was asked",
            hint=f"Everything that was answered is kept. Go on with: {again}",
        )
    if produced.status == "incomplete":
        raise IncompleteError(
            f"{count(len(produced.missing), 'sample')} could not be had: {_reasons(produced.missing)}",
            hint=f"They count neither for nor against the model. Ask again: {again}",
        )
    return EXIT_OK


def _reasons(missing: tuple[Missing, ...]) -> str:
    reasons: dict[str, int] = {}
    for sample in missing:
        reasons[sample.error] = reasons.get(sample.error, 0) + 1
    ordered = sorted(reasons.items(), key=lambda item: -item[1])[:3]
    return "; ".join(f"{count} x {printable(reason)}" for reason, count in ordered)
