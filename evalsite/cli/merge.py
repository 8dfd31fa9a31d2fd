"""``evalsite merge``: shards of a run -> one run."""

from pathlib import Path

import click

from evalsite.cli.ending import end_with
from evalsite.cli.options import find_all, runs_dir_option
from evalsite.cli.parameters import runs_argument
from evalsite.runner.merge import merge


@click.command("merge")
@runs_argument
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Put the shards of a run together: the RUNs of 'evalsite run --shard 1/16', 2/16 and so on.

    Writes a new run, the same as an undivided one, and leaves the shards where they are. Refused where one
    is missing, given twice, still running, or made or graded in another way. The new run's path is the last
    line on standard output.
    """
    end_with(merge(find_all(run, runs_dir), runs_dir).path)
