"""``evalsite failures``: what failed in a run, by class."""

from pathlib import Path
from typing import Any

import click
from msgspec import UNSET

from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import printable, say
from evalsite.cli.options import find_run, format_option, runs_option
from evalsite.cli.parameters import option, run_argument
from evalsite.publish.config import Config
from evalsite.report.failures import as_markdown, as_text, group_failures
from evalsite.rundir.schema import Verdict
from evalsite.rundir.symptoms import Symptom
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.addresses import Addresses

FORMATS = {"text": as_text, "markdown": as_markdown}


@click.command("failures")
@run_argument
@click.option(
    "--class",
    "kinds",
    multiple=True,
    type=click.Choice([str(kind) for kind in VerdictClass if kind is not VerdictClass.PASSED]),
    help="Only this class; repeat it for several.  [default: all]",
)
@click.option(
    "--symptom",
    "symptoms",
    multiple=True,
    type=click.Choice([str(symptom) for symptom in Symptom]),
    help="Only answers with this symptom (docs/symptoms.md); repeat it for several.  [default: all]",
)
@option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    help="Samples listed of each class; all are counted.",
)
@click.option("--all", "everything", is_flag=True, help="List every one.")
@click.option("--site-url", default="", metavar="URL", help="Where the site is published, for links.")
@format_option(FORMATS)
@runs_option
@config_option
def command(
    run: Path,
    kinds: tuple[str, ...],
    symptoms: tuple[str, ...],
    limit: int,
    form: str,
    config: Config,
    *,
    everything: bool,
    **options: Any,
) -> None:
    """List the failed samples of RUN by class, the most frequent class first, with links."""
    settings = settle(config, options)
    run_dir = find_run(run, settings["runs"])
    addresses = Addresses.of(run_dir, site_options(config, site_url=settings["site_url"]))
    order = {problem.task_id: number for number, problem in enumerate(run_dir.problems())}
    verdicts = list(run_dir.verdicts_of(order))
    wanted = (
        row
        for row in verdicts
        if (not kinds or row.verdict in kinds) and (not symptoms or _has(row, symptoms))
    )
    groups = group_failures(wanted, order)
    most = len(verdicts) if everything else limit
    text = FORMATS[form](run_dir.read_run(), groups, len(verdicts), addresses.sample, most)
    click.echo(printable(text))
    if any(len(rows) > most for _, rows in groups):
        say("note: --all lists every one")
    unshown = sum(not addresses.shows(row) for _, rows in groups for row in rows)
    if unshown and addresses.base_url:
        say(f"note: evalsite.toml has {unshown} of these counted, but not shown; they link to their problems")


def _has(verdict: Verdict, symptoms: tuple[str, ...]) -> bool:
    return verdict.symptoms is not UNSET and not set(symptoms).isdisjoint(verdict.symptoms.names)
