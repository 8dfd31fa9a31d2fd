"""``evalsite pack``: make a run's files small enough for git."""

from pathlib import Path

import click

from evalsite.cli.options import find_all, runs_dir_option
from evalsite.words import cells


@click.command("pack")
@click.argument("run", nargs=-1, required=True, type=click.Path(path_type=Path))
@runs_dir_option
def command(run: tuple[Path, ...], runs_dir: Path) -> None:
    """Compress the answers and verdicts of one RUN or several, in place.

    Every command reads completions.jsonl.gz and verdicts.jsonl.gz as it reads the plain files; hashes and
    verdicts stay what they are. A run that goes on (resume, grade) is unpacked first, and says so.
    gunzip unpacks them, too.
    """
    for run_dir in find_all(run, runs_dir):
        before = {name: path.stat().st_size for name, path in run_dir.files()}
        with run_dir.lock():
            packed = run_dir.pack()
        for path in packed:
            sizes = before[path.stem], path.stat().st_size
            click.echo(f"{path}: {' -> '.join(map(cells.size, sizes))}")
        if not packed:
            click.echo(f"{run_dir.path}: nothing to pack")
