"""``evalsite validate``: is this run directory sound?"""

from pathlib import Path

import click

from evalsite.cli.console import printable
from evalsite.cli.options import find_all, runs_dir_option
from evalsite.counts.validate import find_faults
from evalsite.errors import RunFormatError
from evalsite.rundir.finding import find_runs
from evalsite.rundir.sizes import too_large
from evalsite.words.sentences import and_more, count

SHOWN = 20


@click.command("validate")
@click.argument("run", nargs=-1, type=click.Path(path_type=Path))
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Check run directories: every row readable, every key known and single, the summary true.

    Without a RUN, all of them below --runs-dir.
    """
    faulty = 0
    runs = find_all(run, runs_dir) if run else find_runs(runs_dir)
    for run_dir in runs:
        faults = find_faults(run_dir)
        faulty += bool(faults)
        click.echo(f"{run_dir.path}: {count(len(faults), 'fault') if faults else 'sound'}")
        for fault in faults[:SHOWN]:
            click.echo(f"  {printable(fault)}")
        for told in too_large(run_dir):
            click.echo(f"  note: {printable(told)}")
        if rest := and_more(len(faults), SHOWN):
            click.echo(f"  {rest}")
    if faulty:
        raise RunFormatError(f"{faulty} of {len(runs)} run directories are not sound")
