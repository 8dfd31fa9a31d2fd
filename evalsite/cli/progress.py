"""Shows how far a piece of work is: as a bar, as lines now and then, or as JSON for another program."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
import msgspec

from evalsite.cli.console import printable, say, stderr
from evalsite.cli.parameters import option, together
from evalsite.events import Event, Listener, ignore
from evalsite.words.text import one_line

MODES = ("auto", "bar", "lines", "json", "none")
A_LINE_EACH_S = 60.0
A_CELL_EACH_S = 0.5
IN_A_NOTEBOOK = "JPY_PARENT_PID"
"""What Jupyter's kernels (Colab's and Kaggle's, too) have in their environment, and whatever they start."""
_KEY = "evalsite.progress"


def _remember(context: click.Context, _option: click.Parameter, mode: str) -> None:
    context.meta.setdefault(_KEY, mode)


def _hush(context: click.Context, _option: click.Parameter, quiet: bool) -> None:
    if quiet:
        context.meta[_KEY] = "quiet"


progress_option = together(
    option(
        "--progress",
        type=click.Choice(MODES),
        default="auto",
        expose_value=False,
        callback=_remember,
        help="How far it is, on stderr: a bar, a line a minute, or JSON lines for another program. "
        "'auto' is a bar in a terminal, else lines.",
    ),
    click.option(
        "-q",
        "--quiet",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_hush,
        help="Neither progress nor notes: only results, warnings at the end, and errors.",
    ),
)
"""Adds ``--progress`` and ``--quiet``; :func:`progress` knows what was chosen."""


def tell(note: str) -> None:
    """Say a note where no work is under way, in the way that ``--progress`` and ``--quiet`` asked for."""
    show = {"json": _json, "quiet": ignore}.get(_mode(), _remarks)
    show(Event("remark", remark=note))


def _mode() -> str:
    context = click.get_current_context(silent=True)
    return str(context.meta.get(_KEY, "auto")) if context else "auto"


@contextmanager
def progress() -> Iterator[Listener]:
    """Yield the listener that shows events in the way that ``--progress`` asked for."""
    mode = _mode()
    if mode == "auto":
        mode = "cell" if IN_A_NOTEBOOK in os.environ else "bar" if stderr.is_terminal else "lines"
    if mode == "bar":
        from evalsite.cli.bar import bar  # a terminal's alone

        with bar(stderr, _note) as listener:
            yield listener
    elif mode == "cell":
        with _cell() as listener:
            yield listener
    else:
        yield {"json": _json, "none": _remarks, "quiet": ignore}.get(mode) or _Lines()


@contextmanager
def _cell() -> Iterator[Listener]:
    """One line, written over: what is below a notebook's cell knows no other movement of a cursor."""
    shown = ""
    last_told = 0.0
    latest: Event | None = None

    def show(event: Event) -> None:
        nonlocal shown
        text = printable(_in_words(event))
        click.echo(f"\r{text:<{len(shown)}}", err=True, nl=False)
        shown = text

    def listen(event: Event) -> None:
        nonlocal shown, last_told, latest
        if event.step == "remark":
            click.echo("\n" if shown else "", err=True, nl=False)
            shown = ""
            say(event.remark)
            return
        latest = event
        if time.monotonic() - last_told >= A_CELL_EACH_S:
            last_told = time.monotonic()
            show(event)

    try:
        yield listen
    finally:
        if latest is not None:
            show(latest)
            click.echo(err=True)


class _Lines:
    """A line a minute for each piece of work, for logs."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], float] = {}

    def __call__(self, event: Event) -> None:
        if event.step == "remark":
            say(event.remark)
            return
        now = time.monotonic()
        if now - self._told.setdefault((event.step, event.about), now) < A_LINE_EACH_S:
            return
        self._told[event.step, event.about] = now
        say(_in_words(event))


def _in_words(event: Event) -> str:
    note = "".join(text for text, _ in _note(event))
    return f"{event.about}: {event.done} of {event.total or '?'}{', ' if note else ''}{note}"


def _note(event: Event) -> tuple[tuple[str, str], ...]:
    """What is said behind the count, in pieces with their styles."""
    if event.step == "trying":
        return ((f"at {one_line(event.at)}", ""),) if event.at else ()
    if event.step in ("building", "fetching"):
        return ()
    lost = ((", ", ""), (f"{event.missing} missing", "red")) if event.missing else ()
    return ((f"{event.passed} passed", ""), *lost)


def _json(event: Event) -> None:
    """One JSON object a line, each flushed."""
    click.echo(msgspec.json.encode(event), err=True)


def _remarks(event: Event) -> None:
    if event.step == "remark":
        say(event.remark)
