"""``evalsite tally``: a run's answers looked at again, and its counts made anew."""

from pathlib import Path

import click

from evalsite.cli.options import find_all, runs_dir_option
from evalsite.cli.parameters import runs_argument
from evalsite.runner.tally import tally_run
from evalsite.words.sentences import count


@click.command("tally")
@runs_argument
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Look at the answers of one RUN or several for symptoms, and make its counts anew.

    For runs that were graded before there were symptoms, or by older rules (docs/symptoms.md). Nothing is
    asked or graded again: verdicts stay as they are.
    """
    for run_dir in find_all(run, runs_dir):
        with run_dir.lock():
            found = tally_run(run_dir)
        click.echo(
            f"{run_dir.path}: {count(found.looked_at, 'answer')} looked at, "
            f"{count(found.changed, 'row')} changed; summary.json is made anew"
        )
