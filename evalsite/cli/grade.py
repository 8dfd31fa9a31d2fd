"""``evalsite grade``: completions on disk -> verdicts, without asking a model."""

from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from evalsite.cli.console import printable, progress_bar, resumable, say
from evalsite.cli.options import GradingOptions, grading_options, runs_dir_option
from evalsite.rundir.answers import drop_void
from evalsite.rundir.identity import refuse_changed
from evalsite.rundir.schema import RunStatus
from evalsite.rundir.store import RunDir, find_run
from evalsite.runner.grade import (
    Change,
    Progress,
    answered,
    check_like_before,
    check_sandbox,
    describe_grading,
    drift_from_before,
    finish,
    grade_pending,
    regrade,
)


@click.command("grade")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Grade everything anew, not just what has no verdict yet.")
@runs_dir_option
@grading_options
def command(run: Path, *, again: bool, runs_dir: Path, **options: Any) -> None:
    """Grade a run's completions; with --again list the verdicts that changed, and why.

    Whatever was graded before an interruption is kept: grading goes on where it stopped, with the
    limits it began with. Other limits need --again, or verdicts would not be alike.
    """
    run_dir = find_run(run, runs_dir)
    grading = GradingOptions.take(options).following(run_dir.read_run().grading)
    refuse_changed(run_dir.path, run_dir.read_run())
    if not again:
        check_like_before(run_dir, grading.grading())
    problems = run_dir.problems()
    with resumable(run_dir.path), run_dir.lock(), grading.grader() as grader:
        if grading.preflight and (warning := check_sandbox(grader, problems)):
            say(f"preflight: {warning}")
        described = describe_grading(grading.grading(), grader)
        record = run_dir.read_run()
        progress = Progress(total=record.num_problems * record.num_samples)
        with progress_bar(printable(record.model.name)) as watch:
            if again:
                changes = regrade(run_dir, grader, progress, watch)
                run_dir.write_run(replace(record, grading=described))
            else:
                changes = []
                if note := drift_from_before(run_dir, described):
                    say(f"note: {note}")
                run_dir.write_run(replace(record, grading=described, status="running"))
                drop_void(run_dir)
                progress.graded = sum(1 for _ in run_dir.verdicts())
                grade_pending(run_dir, grader, progress, watch)
        finish(run_dir, _status(run_dir))
    if again:
        _show(changes)
    click.echo(run_dir.path)


def _status(run_dir: RunDir) -> RunStatus:
    """A run is complete when every sample asked for has been answered; imports ask for nothing."""
    run = run_dir.read_run()
    if run.kind == "imported":
        return "complete"
    have = answered(run_dir, run, {problem.task_id for problem in run_dir.problems()})
    whole = len(have) >= run.num_problems * run.num_samples
    return "complete" if whole else "incomplete"


def _show(changes: list[Change]) -> None:
    click.echo(f"{len(changes)} verdicts changed")
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
