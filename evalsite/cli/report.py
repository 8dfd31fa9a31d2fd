"""``evalsite report``: what runs say, as text, Markdown or JSON."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from evalsite import api
from evalsite.cli.baselines import baseline_option, named_baseline
from evalsite.cli.console import as_typed, say, show
from evalsite.cli.options import find_all, format_option, runs_dir_option
from evalsite.cli.parameters import runs_argument
from evalsite.errors import RunError
from evalsite.report.scores import Reported, as_json, as_markdown, as_text
from evalsite.rundir.finding import find_runs
from evalsite.rundir.store import RunDir
from evalsite.stats.baseline import why_undecided

FORMATS: dict[str, Callable[[Sequence[Reported]], str]] = {
    "text": partial(as_text, typed=as_typed),
    "markdown": as_markdown,
    "json": as_json,
}


@click.command("report")
@runs_argument
@format_option(FORMATS)
@baseline_option
@runs_dir_option
def command(run: tuple[Path, ...], form: str, baseline: str | None, runs_dir: Path) -> None:
    """Report on one RUN or several: scores, errors, and the distance to the baseline.

    RUN is a run directory, a run's id below --runs-dir or a unique part of it, or the name of a
    model with one run there. The baseline may be one of the
    runs named, or any other run below --runs-dir.
    """
    others = list(_readable(find_runs(runs_dir) if runs_dir.is_dir() else []))
    asked = find_all(run, runs_dir)
    records = [each.read_run() for each in (*others, *asked)]
    reports = api.report(asked, others, named_baseline(baseline, records, runs_dir))
    alone = [one.run for one in reports if not one.against and not one.is_baseline]
    for told in dict.fromkeys(filter(None, (why_undecided(each, records) for each in alone))):
        say(f"note: no baseline. {told}")
        alone = []
    if len(reports) > 1 and len(alone) == len(reports):
        say('note: no baseline. Name one with --baseline, or give it role = "baseline" in its model card.')
    text = FORMATS[form](reports)
    show(text, form)


def _readable(found: Iterable[RunDir]) -> Iterator[RunDir]:
    """Pass runs on; one that nobody asked about must not be in the way of a report."""
    for run_dir in found:
        try:
            run_dir.read_run()
        except RunError as exc:
            say(f"note: left out of the search for a baseline: {exc.message}")
        else:
            yield run_dir
