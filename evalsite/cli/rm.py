"""``evalsite rm``: remove runs."""

from collections.abc import Sequence
from pathlib import Path

import click

from evalsite.cli.config import config_option, settled
from evalsite.cli.console import asking, printable, say
from evalsite.cli.distances import parted
from evalsite.cli.options import find_run, runs_dir_option
from evalsite.cli.parameters import runs_argument
from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.distance.store import DistanceDir
from evalsite.errors import EXIT_INTERRUPTED, EXIT_OK, RunError
from evalsite.publish.config import Config
from evalsite.rundir.folder import Folder
from evalsite.rundir.removed import REMOVED, remove_run
from evalsite.rundir.store import RunDir
from evalsite.runner.recording import utc_now
from evalsite.words.commands import command as as_command
from evalsite.words.sentences import count


@click.command("rm")
@runs_argument
@click.option("-y", "--yes", is_flag=True, help="Remove without asking.")
@click.option(
    "--unpublished", is_flag=True, help="The runs were never on a site: leave no page at their addresses."
)
@runs_dir_option
@config_option
def command(run: tuple[Path, ...], runs_dir: Path, config: Config, *, yes: bool, unpublished: bool) -> int:
    """Remove one RUN or several, or distances: their directories with all that is in them.

    A site that is built from then on says at the addresses of a removed run, and of its problems, that
    it was removed; removed.jsonl beside the runs remembers which these are. A copy goes
    without that: its run is still there.
    """
    runs_dir = settled("runs_dir", runs_dir, config.runs)
    distances, run_names = parted(run, runs_dir)
    runs = (find_run(name, runs_dir) for name in run_names)
    found = list({run_dir.path: run_dir for run_dir in runs}.values())
    loaded = {run_dir.path: _loaded(run_dir) for run_dir in found}
    for path, told in loaded.items():
        say(printable(f"{path}: {_described(told)}"))
    for folder in distances:
        say(printable(f"{folder.path}: {_between(folder)}"))
    if not yes and not _confirmed([*distances, *found]):
        say("nothing was removed")
        return EXIT_INTERRUPTED
    for folder in distances:
        with folder.lock():
            pass
        folder.remove()
        click.echo(f"removed {folder.path}")
    noted: list[RunDir] = []
    for run_dir in found:
        with run_dir.lock():  # nobody may be at work on it
            pass
        there = loaded[run_dir.path]
        solved = there.mostly_solved if isinstance(there, LoadedRun) else None
        if remove_run(run_dir, utc_now(), note=not unpublished, solved=solved):
            noted.append(run_dir)
        click.echo(f"removed {run_dir.path}")
    if noted:
        say(f"note: {noted[0].path.parent / REMOVED} lets a site say so at their addresses; commit it, too")
    return EXIT_OK


def _between(folder: DistanceDir) -> str:
    """The distance that is about to go, in a line; one that cannot be read can be removed as well."""
    try:
        record = folder.read()
    except RunError as exc:
        return exc.message
    names = f"{record.candidate.model.name} against {record.base.model.name}"
    return f"a distance, {names}, {count(record.num_positions, 'position')}, {record.status}"


def _confirmed(found: Sequence[Folder]) -> bool:
    paths = [run_dir.path for run_dir in found]
    with asking("nothing was removed: whether to remove for good", as_command("rm", *paths, "--yes")):
        return click.confirm(f"Remove {'it' if len(found) == 1 else 'them'} for good?", err=True)


def _loaded(run_dir: RunDir) -> LoadedRun | RunError:
    """A run, or why it cannot be read; such a one can be removed as well."""
    try:
        return load_run(run_dir)
    except RunError as exc:
        return exc


def _described(run: LoadedRun | RunError) -> str:
    """What is about to go, in a line."""
    if isinstance(run, RunError):
        return run.message
    return f"{run.model} on {run.dataset}, {count(run.num_samples, 'graded sample')}, {run.run.status}"
