"""What commands share in talking to a person: messages, log lines and the progress bar, all on stderr."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.logging import RichHandler
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

from evalsite.errors import EvalsiteError
from evalsite.runner import grade as grading

stderr = Console(stderr=True, highlight=False)


def start_logging(level: int) -> None:
    """Send evalsite's log lines to stderr."""
    handler = RichHandler(console=stderr, show_time=False, show_path=False, markup=False, highlighter=None)
    logger = logging.getLogger("evalsite")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False


def show_error(error: EvalsiteError) -> None:
    """Print what is wrong, and what to do next."""
    click.secho(f"error[{error.slug}]: ", fg="red", bold=True, err=True, nl=False)
    click.echo(printable(error.message), err=True)
    if error.hint:
        click.echo(f"  next: {printable(error.hint)}", err=True)


def say(text: str = "") -> None:
    """Print a remark for people on stderr; results go to stdout."""
    stderr.print(printable(text), markup=False, soft_wrap=True)


def printable(text: str) -> str:
    """Replace control characters: names and messages may come from a hostile file."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


@contextmanager
def resumable(path: Path, command: str = "grade") -> Iterator[None]:
    """Let an interrupt say which command goes on; what was reached so far is on disk."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted: everything so far is kept. Go on with: evalsite {command} {path}")
        raise


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")


@contextmanager
def progress_bar(label: str) -> Iterator[grading.Watch]:
    """Show a bar with counts, rate and time left; yields the function that moves it.

    The bar counts verdicts, since that is when a sample is done; where fewer answers have come in than
    verdicts could be reached, the text behind it says so.
    """
    with Progress(
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[note]}"),
        console=stderr,
        transient=not stderr.is_terminal,
    ) as bar:
        task = bar.add_task(label, total=None, note="")

        def watch(progress: grading.Progress) -> None:
            missing = sum(progress.missing.values())
            note = f"{progress.passed} passed" + (f", [red]{missing} missing[/]" if missing else "")
            bar.update(task, total=progress.total or None, completed=progress.graded + missing, note=note)

        yield watch
