"""``evalsite check``: the gate. Are the targets met?"""

from typing import Any

import click

from evalsite import api
from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import printable
from evalsite.cli.options import (
    baseline_option,
    format_option,
    read_targets,
    runs_option,
    targets_option,
)
from evalsite.errors import EXIT_MISSED, EXIT_OK, NotDecidedError, UsageError
from evalsite.publish.config import Config
from evalsite.report.targets import as_json, as_junit, as_markdown, as_text
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
@config_option
def command(form: str, allow: str, config: Config, **options: Any) -> int:
    """Judge the site's runs by the targets; the exit code is the verdict.

    These are all runs but those that evalsite.toml excludes.

    0: all met. 1: one is missed. 9: nothing is missed, but something is inconclusive, vacuous
    (the baseline is too weak for the margin) or pending, and not allowed to be.
    """
    allowed = {verdict.strip() for verdict in allow.split(",") if verdict.strip()}
    if unknown := allowed - set(LENIENT):
        raise UsageError(f"--allow {', '.join(sorted(unknown))}: only {names(LENIENT)} can be allowed")
    chosen = settle(config, options)
    site = site_options(config)
    targets = read_targets(chosen["targets"])
    results = api.check(
        api.load_runs(chosen["runs"], site.excludes),
        targets=targets,
        baseline=chosen["baseline"],
    )
    text = FORMATS[form](results, targets.source)
    click.echo(text if form in ("json", "junit") else printable(text))
    decisions = {result.decision for result in results}
    if "missed" in decisions:
        return EXIT_MISSED
    return NotDecidedError.exit_code if decisions & set(LENIENT) - allowed else EXIT_OK
