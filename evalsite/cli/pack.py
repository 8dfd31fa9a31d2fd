"""``evalsite pack``: make a run's files small enough for git."""

from pathlib import Path

import click

from evalsite.cli.distances import parted
from evalsite.cli.options import find_all, runs_dir_option
from evalsite.cli.parameters import runs_argument
from evalsite.rundir.folder import Folder
from evalsite.words import cells


@click.command("pack")
@runs_argument
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Compress the answers and verdicts of one RUN or several, in place; of a distance, what was named.

    Every command reads completions.jsonl.gz and verdicts.jsonl.gz as it reads the plain files; hashes and
    verdicts stay what they are. A run that goes on (resume, grade, distance) is unpacked first, and says
    so. gunzip unpacks them, too.
    """
    distances, named = parted(run, runs_dir)
    folders: list[Folder] = [*distances, *(find_all(named, runs_dir) if named else ())]
    for folder in folders:
        before = {name: path.stat().st_size for name, path in folder.files()}
        with folder.lock():
            packed = folder.pack()
        for path in packed:
            sizes = before[path.stem], path.stat().st_size
            click.echo(f"{path}: {' -> '.join(map(cells.size, sizes))}")
        if not packed:
            click.echo(f"{folder.path}: nothing to pack")
