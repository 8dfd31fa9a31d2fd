"""``evalsite grade``: completions on disk -> verdicts, without asking a model."""

from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.console import printable, resumable
from evalsite.cli.ending import end_with, refuse_ungraded
from evalsite.cli.options import GradingOptions, find_run, grading_options, runs_dir_option
from evalsite.cli.progress import progress, progress_option
from evalsite.events import Watched
from evalsite.runner.grade import Change
from evalsite.words.sentences import count


@click.command("grade")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Grade everything anew, not just what has no verdict yet.")
@progress_option
@runs_dir_option
@grading_options
def command(run: Path, *, again: bool, runs_dir: Path, **options: Any) -> None:
    """Grade a run's completions; with --again list the verdicts that changed, and why.

    Whatever was graded before an interruption is kept: grading goes on where it stopped, with the
    limits it began with. Other limits need --again, or verdicts would not be alike.
    """
    run_dir = find_run(run, runs_dir)
    grading = GradingOptions.take(options).following(run_dir.read_run().grading, again=again)
    with progress() as listener:
        watched = Watched(listener, resumable)
        changes = api.grade(run_dir, grading.grading(), grading.grader(), watched, again=again)
    if again:
        _show(changes)
    end_with(run_dir.path)
    refuse_ungraded(run_dir.path)


def _show(changes: list[Change]) -> None:
    click.echo(f"{count(len(changes), 'verdict')} changed")
    for change in changes:
        before, after = change.before, change.after
        why = "another program was extracted" if before.program != after.program else "the same program"
        detail = f"{after.exception} {after.message}".strip().partition("\n")[0]
        click.echo(
            printable(
                f"  {after.problem} sample {after.sample}: {before.verdict} -> {after.verdict} ({why})"
                + (f": {detail}" if detail else "")
            )
        )
