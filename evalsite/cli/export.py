"""``evalsite export``: runs -> the files of other tools."""

from pathlib import Path

import click

from evalsite.cli.console import say
from evalsite.cli.options import FOLDER, find_all, runs_dir_option
from evalsite.counts.loaded import load_run
from evalsite.errors import RunError, UsageError
from evalsite.formats.exporting import WRITERS
from evalsite.formats.files import write_file
from evalsite.formats.writing import exported_samples
from evalsite.rundir.finding import find_runs
from evalsite.words.sentences import count


@click.command("export")
@click.argument("run", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Export every run below --runs-dir.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), required=True, help="What to write.")
@click.option(
    "--output", type=FOLDER, default=Path("export"), show_default=True, help="Folder to write the files to."
)
@runs_dir_option
def command(run: tuple[Path, ...], form: str, output: Path, runs_dir: Path, *, everything: bool) -> None:
    """Write RUN, several, or all runs in the form of another tool.

    csv: a row for each sample and each problem. human-eval, evalplus, lm-eval: their samples and
    results; 'evalsite import' reads them back to the same verdicts. every-eval-ever: a JSON
    document for the metrics and JSONL for the samples. Prints each file's path.
    """
    if everything == bool(run):
        raise UsageError(
            "name the runs to export, or give --all", hint="For example: evalsite export --all --format csv"
        )
    found = find_runs(runs_dir) if everything else find_all(run, runs_dir)
    if not found:
        raise RunError(f"{runs_dir}: holds no runs", hint="Name the folder that does with --runs-dir.")
    for run_dir in found:
        loaded, samples = load_run(run_dir), exported_samples(run_dir)
        if missing := loaded.num_missing:
            say(f"note: {run_dir.path}: {count(missing, 'sample')} missing or not graded, and not exported")
        for name, data in WRITERS[form](loaded, samples):
            click.echo(write_file(output, name, data))
