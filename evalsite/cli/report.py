"""``evalsite report``: what runs say, as text, Markdown or JSON."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from evalsite.cli.console import printable, say
from evalsite.cli.options import baseline_option, format_option, runs_dir_option
from evalsite.counts.loaded import load_run
from evalsite.errors import RunError
from evalsite.report.scores import Reported, as_json, as_markdown, as_text
from evalsite.rundir.store import RunDir, find_run, find_runs
from evalsite.stats.baseline import pick_baselines

FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


@click.command("report")
@click.argument("run", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option(FORMATS)
@baseline_option
@runs_dir_option
def command(run: tuple[Path, ...], form: str, baseline: str | None, runs_dir: Path) -> None:
    """Report on one RUN or several: scores, errors, and the distance to the baseline.

    RUN is a run directory, or a run's id below --runs-dir. The baseline may be one of the
    runs named, or any other run below --runs-dir.
    """
    chosen = {run_dir.read_run().id: run_dir for run_dir in (find_run(name, runs_dir) for name in run)}
    pool = dict(_readable(find_runs(runs_dir) if runs_dir.is_dir() else [])) | chosen
    records = {name: run_dir.read_run() for name, run_dir in pool.items()}
    baselines = pick_baselines(list(records.values()), baseline)
    if not baselines and len(chosen) > 1:
        say('note: no baseline. Name one with --baseline, or give it role = "baseline" in its model card.')
    held = {name: baselines[name].id for name in chosen if name in baselines}
    loaded = {name: load_run(pool[name]) for name in {**chosen, **dict.fromkeys(held.values())}}
    reports = [Reported.of(loaded[name], loaded[held[name]] if name in held else None) for name in chosen]
    text = FORMATS[form](reports)
    click.echo(text if form == "json" else printable(text))


def _readable(found: Iterable[RunDir]) -> Iterator[tuple[str, RunDir]]:
    """Pass runs on with their ids; one that nobody asked about must not be in the way of a report."""
    for run_dir in found:
        try:
            yield run_dir.read_run().id, run_dir
        except RunError as exc:
            say(f"note: left out of the search for a baseline: {exc.message}")
