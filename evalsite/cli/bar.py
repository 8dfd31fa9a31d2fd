"""A bar in a terminal: how far a piece of work is, how fast it goes, and how long it takes yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from evalsite.cli.console import printable, say
from evalsite.events import Event, Listener

Pieces = tuple[tuple[str, str], ...]
"""Text with its styles."""


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")


class _Note(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text.assemble(*task.fields["note"])


@contextmanager
def bar(console: Console, note_of: Callable[[Event], Pieces]) -> Iterator[Listener]:
    """Show a bar with counts, rate and time left. It counts verdicts: that is when a sample is done.

    ``note_of`` tells what is said behind the count.
    """
    with Progress(
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True),
        _Note(),
        console=console,
    ) as shown:
        tasks: dict[tuple[str, str], Any] = {}

        def listen(event: Event) -> None:
            if event.step == "remark":
                say(event.remark)
                return
            key = event.step, event.about
            if key not in tasks:
                tasks[key] = shown.add_task(printable(event.about), total=None, note=())
            shown.update(tasks[key], total=event.total or None, completed=event.done, note=note_of(event))

        yield listen
