"""``evalsite check``: the gate. Are the targets met?"""

from typing import Any

import click

from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import printable
from evalsite.cli.options import (
    baseline_option,
    format_option,
    read_targets,
    runs_option,
    targets_option,
)
from evalsite.counts.loaded import load_to_judge
from evalsite.errors import EXIT_MISSED, EXIT_OK, NotDecidedError, UsageError
from evalsite.publish.config import Config
from evalsite.report.targets import as_json, as_junit, as_markdown, as_text
from evalsite.rundir.store import find_runs
from evalsite.stats.baseline import pick_baselines
from evalsite.stats.targets import judge

FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json, "junit": as_junit}
LENIENT = ("inconclusive", "pending")


@click.command("check")
@runs_option
@targets_option
@baseline_option
@format_option(FORMATS)
@click.option(
    "--allow",
    default="",
    metavar="LIST",
    help="Verdicts that shall not fail the gate: inconclusive, pending, or both with a comma.",
)
@config_option
def command(form: str, allow: str, config: Config, **options: Any) -> int:
    """Judge the site's runs by the targets; the exit code is the verdict.

    These are all runs but those that evalsite.toml excludes.

    0: all met. 1: one is missed. 9: nothing is missed, but something is inconclusive or
    pending and not allowed to be.
    """
    allowed = {verdict.strip() for verdict in allow.split(",") if verdict.strip()}
    if unknown := allowed - set(LENIENT):
        raise UsageError(f"--allow {', '.join(sorted(unknown))}: only {' and '.join(LENIENT)} can be allowed")
    chosen = settle(config, options)
    site = site_options(config)
    runs = [
        load_to_judge(run_dir)
        for run_dir in find_runs(chosen["runs"])
        if not site.excludes(run_dir.read_run())
    ]
    by_id = {each.id: each for each in runs}
    found = pick_baselines([each.run for each in runs], chosen["baseline"])
    baselines = {run_id: by_id[baseline.id] for run_id, baseline in found.items()}
    results = judge(read_targets(chosen["targets"]), runs, baselines)
    text = FORMATS[form](results)
    click.echo(text if form in ("json", "junit") else printable(text))
    decisions = {result.decision for result in results}
    if "missed" in decisions:
        return EXIT_MISSED
    return NotDecidedError.exit_code if decisions & set(LENIENT) - allowed else EXIT_OK
