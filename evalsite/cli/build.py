"""``evalsite build``: run directories -> a static site."""

from pathlib import Path

import click

from evalsite.cli.console import say, stderr
from evalsite.cli.options import FOLDER, baseline_option, read_targets, runs_option, targets_option
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions


@click.command("build")
@runs_option
@click.option(
    "--output", type=FOLDER, default=Path("site"), show_default=True, help="Folder to write the site to."
)
@baseline_option
@targets_option
@click.option("--title", default="evalsite", show_default=True, help="The site's name.")
@click.option("--site-url", default="", metavar="URL", help="Where the site will be published.")
@click.option("--repository", default="", metavar="URL", help="Where failures are reported, for issue links.")
def command(
    runs: Path,
    output: Path,
    baseline: str | None,
    targets: Path | None,
    title: str,
    site_url: str,
    repository: str,
) -> None:
    """Render all run directories into a static site.

    Only what changed since the last build is rendered again. Look at it with 'evalsite serve'.
    """
    options = SiteOptions(
        title=title,
        site_url=site_url,
        repository=repository,
        baseline=baseline or "",
        targets=read_targets(targets),
    )
    with stderr.status("building") as status:
        report = build_site(
            runs,
            output,
            options=options,
            progress=lambda what, done, total: status.update(f"{what} {done}/{total}"),
        )
    say(f"{report.pages} pages, {report.runs} runs")
    click.echo(output / "index.html")
