"""``evalsite grade``: completions on disk -> verdicts, without asking a model."""

from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.console import printable, resumable
from evalsite.cli.container import grade_in_container
from evalsite.cli.ending import end_with, refuse_ungraded
from evalsite.cli.options import GradingOptions, find_run, runs_dir_option
from evalsite.cli.parameters import run_argument
from evalsite.cli.progress import progress, progress_option
from evalsite.errors import SandboxError, UsageError
from evalsite.events import Watched
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import Change
from evalsite.words.commands import command as as_command
from evalsite.words.sentences import count
from evalsite.words.text import one_line


@click.command("grade")
@run_argument
@click.option("--again", is_flag=True, help="Grade everything anew, not just what has no verdict yet.")
@click.option(
    "--in-container",
    is_flag=True,
    help="Grade in a container of docker or podman, with their default rights: where this system runs no "
    "programs itself (macOS, Windows).",
)
@progress_option
@runs_dir_option
@GradingOptions.options
def command(run: Path, *, again: bool, in_container: bool, runs_dir: Path, **options: Any) -> None:
    """Grade a run's completions; with --again list the verdicts that changed, and why.

    Whatever was graded before an interruption is kept: grading goes on where it stopped, with the
    limits it began with. Other limits need --again, or verdicts would not be alike.
    """
    run_dir = find_run(run, runs_dir)
    grading = GradingOptions.take(options).following(run_dir.read_run().grading, again=again)
    if in_container and grading.sandbox_python is not None:
        raise UsageError(
            "--in-container and --sandbox-python are given: a container has a Python of its own",
            hint="Leave one of them out.",
        )
    if in_container:
        with progress() as listener, resumable(run_dir.path, _in_container):
            for line in grade_in_container(run_dir.path, listener, again=again):
                click.echo(line)
    else:
        _grade_here(run_dir, grading, again=again)
    end_with(run_dir.path)
    refuse_ungraded(run_dir.path)


def _in_container(path: Path) -> tuple[object, ...]:
    return "grade", path, "--in-container"


def _grade_here(run_dir: RunDir, grading: GradingOptions, *, again: bool) -> None:
    try:
        with progress() as listener:
            watched = Watched(listener, resumable)
            changes = api.grade_run(run_dir, grading.grading(), grading.grader(), watched, again=again)
    except SandboxError as exc:
        exc.hint = exc.hint.replace("evalsite grade RUN", as_command("grade", run_dir.path))
        raise
    if again:
        _show(changes)


def _show(changes: list[Change]) -> None:
    click.echo(f"{count(len(changes), 'verdict')} changed")
    for change in changes:
        before, after = change.before, change.after
        why = "another program was extracted" if before.program != after.program else "the same program"
        detail = f"{after.exception} {after.message}".strip().partition("\n")[0]
        click.echo(
            printable(
                f"  {one_line(after.problem)} sample {after.sample}: "
                f"{before.verdict} -> {after.verdict} ({why})" + (f": {detail}" if detail else "")
            )
        )
