"""``evalsite validate``: is this run directory sound?"""

from pathlib import Path

import click

from evalsite.cli.console import printable
from evalsite.cli.distances import parted
from evalsite.cli.options import find_all, runs_dir_option
from evalsite.cli.parameters import PATH
from evalsite.counts.validate import find_faults
from evalsite.distance import checks
from evalsite.distance.store import find_distances
from evalsite.errors import RunFormatError
from evalsite.rundir.finding import find_runs
from evalsite.rundir.sizes import too_large
from evalsite.words.sentences import and_more, count

SHOWN = 20


@click.command("validate")
@click.argument("run", nargs=-1, type=PATH)
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Check run directories: every row readable, every key known and single, the summary true.

    Distances of two models are checked, too.

    Without a RUN, all of them below --runs-dir.
    """
    faulty = 0
    distances, named = parted(run, runs_dir) if run else (find_distances(runs_dir), [])
    runs = find_all(named, runs_dir) if run else find_runs(runs_dir)
    checked = [(each.path, find_faults(each), tuple(too_large(each))) for each in runs]
    checked += [(each.path, checks.find_faults(each), tuple(too_large(each))) for each in distances]
    for path, faults, large in checked:
        faulty += bool(faults)
        click.echo(f"{path}: {count(len(faults), 'fault') if faults else 'sound'}")
        for fault in faults[:SHOWN]:
            click.echo(f"  {printable(fault)}")
        for told in large:
            click.echo(f"  note: {printable(told)}")
        if rest := and_more(len(faults), SHOWN):
            click.echo(f"  {rest}")
    if faulty:
        raise RunFormatError(f"{faulty} of {len(checked)} run directories are not sound")
