"""``evalsite build``: run directories -> a static site."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.baselines import baseline_option, named_baseline
from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import say, show_error
from evalsite.cli.options import read_targets, runs_option, targets_option
from evalsite.cli.parameters import FOLDER, option, size
from evalsite.cli.progress import progress, progress_option
from evalsite.errors import OutputError
from evalsite.publish.budget import largest, measure, megabytes
from evalsite.publish.config import Config
from evalsite.rundir.finding import find_runs, with_records
from evalsite.rundir.schema import Run
from evalsite.site.options import SITE_BUDGET, SiteOptions, Unread


@click.command("build")
@runs_option
@option("--output", type=FOLDER, default=Path("site"), help="Folder to write the site to.")
@baseline_option
@targets_option
@option("--title", default="evalsite", help="The site's name.")
@click.option("--site-url", default="", metavar="URL", help="Where the site will be published.")
@click.option("--repository", default="", metavar="URL", help="Where failures are reported, for issue links.")
@click.option(
    "--budget",
    callback=size,
    metavar="SIZE",
    help="Fail, and say what takes the room, when the site is larger than this, such as 900MB.",
)
@click.option(
    "--site-budget",
    callback=size,
    metavar="SIZE",
    help="Archive the oldest runs where the site would be larger than this.  [default: 900MB]",
)
@click.option("--strict", is_flag=True, help="Build nothing where a run cannot be read.")
@click.option(
    "--validate", is_flag=True, help="Leave out runs that 'evalsite validate' finds unsound, too, and say so."
)
@progress_option
@config_option
def command(config: Config, **options: Any) -> None:
    """Render all run directories into a static site.

    A run that cannot be read is left out: it is named, and the exit code is 5 once the others
    stand there. Only what changed since the last build is rendered again. Look at it with 'evalsite serve'.
    Settings that are always the same can stand in evalsite.toml (docs/publishing.md).
    """
    chosen = settle(config, options)
    output: Path = chosen["output"]
    site = site_options(
        config,
        title=chosen["title"],
        site_url=chosen["site_url"],
        repository=chosen["repository"],
        targets=read_targets(chosen["targets"]),
        site_budget=SITE_BUDGET if chosen["site_budget"] is None else chosen["site_budget"],
        strict=options["strict"],
        validate=options["validate"],
    )
    baseline = named_baseline(chosen["baseline"], _shown(chosen["runs"], site), chosen["runs"])
    site = replace(site, baseline=baseline or "")
    with progress() as listener:
        report = api.build(chosen["runs"], output, site, listener)
    say(f"{report.pages} pages, {report.runs} runs, {megabytes(report.bytes)}; {report.sentence}")
    if chosen["budget"] is not None:
        _check_budget(output, chosen["budget"])
    click.echo(output / "index.html")
    _refuse_unread(report.unread)


def _shown(runs_dir: Path, site: SiteOptions) -> Iterator[Run]:
    """The records of the runs that the site shows; what cannot be read is told by the build itself."""
    return (run for _, run in with_records(find_runs(runs_dir)) if not site.excludes(run))


def _refuse_unread(unread: tuple[Unread, ...]) -> None:
    """Say which runs the site lacks, behind the site itself: one that is broken hides no other."""
    for one in unread[:-1]:
        show_error(one.error)
    if unread:
        last = unread[-1].error
        last.hint = f"{last.hint} The site has all other runs; --strict builds none.".strip()
        raise last


def _check_budget(output: Path, budget: int) -> None:
    sizes = measure(output)
    if sizes.total() > budget:
        listed = "\n".join(largest(sizes))
        raise OutputError(
            f"{output}: the site takes {megabytes(sizes.total())}, more than its budget of "
            f"{megabytes(budget)}; the largest parts:\n{listed}",
            hint="In evalsite.toml, downloads = false leaves the runs' own files out, and "
            "max_samples_per_problem = 20 shows fewer samples, failures first, and counts all; "
            "[[rules]] do so for some runs alone, or archive them.",
        )
