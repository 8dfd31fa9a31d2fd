"""``evalsite check``: the gate. Are the targets met?"""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import IO, Any

import click

from evalsite import api
from evalsite.cli.baselines import baseline_option, named_baseline
from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import show
from evalsite.cli.options import format_option, read_targets, runs_option, targets_option
from evalsite.counts.loaded import LoadedRun
from evalsite.errors import EXIT_MISSED, EXIT_OK, NotDecidedError, UsageError
from evalsite.publish.config import NAME as CONFIG
from evalsite.publish.config import Config
from evalsite.report.targets import as_json, as_junit, as_markdown, as_text
from evalsite.rundir.finding import find_runs
from evalsite.site.options import SiteOptions
from evalsite.site.urls import Urls
from evalsite.stats.targets import Standing
from evalsite.words.sentences import names

FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json, "junit": as_junit}
LENIENT = ("inconclusive", "vacuous", "pending")


@click.command("check")
@runs_option
@targets_option
@baseline_option
@format_option(FORMATS)
@click.option(
    "--allow",
    default="",
    metavar="LIST",
    help=f"Verdicts that shall not fail the gate, with commas: {names(LENIENT)}.",
)
@click.option(
    "--changed",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Paths that a change brings, a line each, as 'git diff --name-only' prints them (- reads "
    "them from there): only runs among them decide, the others are told apart.",
)
@config_option
def command(form: str, allow: str, changed: IO[str] | None, config: Config, **options: Any) -> int:
    """Judge the site's runs by the targets; the exit code is the verdict.

    These are all runs but those that evalsite.toml excludes.

    0: all met. 1: one is missed. 9: nothing is missed, but something is inconclusive, vacuous
    (the baseline is too weak for the margin) or pending, and not allowed to be.
    """
    allowed = {verdict.strip() for verdict in allow.split(",") if verdict.strip()}
    if unknown := allowed - set(LENIENT):
        raise UsageError(f"--allow {', '.join(sorted(unknown))}: only {names(LENIENT)} can be allowed")
    chosen = settle(config, options)
    site = site_options(config, site_url=config.site_url or "")
    targets = read_targets(chosen["targets"])
    runs = api.open_runs(chosen["runs"], site.excludes)
    baseline = named_baseline(chosen["baseline"], (run.run for run in runs), chosen["runs"])
    results = api.check(runs, targets=targets, baseline=baseline)
    standing = Standing.of(results, _brought(changed, targets.source, runs))
    text = FORMATS[form](standing, targets.source, _page_of(chosen["runs"], site))
    show(text, form)
    decisions = set(standing.counts)
    if "missed" in decisions:
        return EXIT_MISSED
    return NotDecidedError.exit_code if decisions & set(LENIENT) - allowed else EXIT_OK


def _page_of(runs_dir: Path, site: SiteOptions) -> Callable[[LoadedRun], str]:
    """Where a run's page stands, or will stand once the change is published."""
    if not site.base_url:
        return lambda _run: ""
    urls = Urls.of_runs([run_dir.read_run() for run_dir in find_runs(runs_dir)], (), site)
    return lambda run: f"{site.base_url}{urls.run(run.id)}"


def _brought(changed: IO[str] | None, targets: str, runs: Sequence[LoadedRun]) -> list[LoadedRun] | None:
    """A change's runs, by the names of the folders in its paths; None where every run decides.

    So it is where the change is of the targets or the settings, which concern them all.
    """
    if changed is None:
        return None
    paths = [PurePath(line.strip()) for line in changed if line.strip()]
    if {path.name for path in paths} & {PurePath(targets).name, CONFIG}:
        return None
    folders = {part for path in paths for part in path.parts}
    return [run for run in runs if {run.id, run.dir.path.name} & folders]
