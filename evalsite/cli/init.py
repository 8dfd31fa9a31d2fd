"""``evalsite init``: a results repository to begin with."""

from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import as_typed, say
from evalsite.cli.parameters import FOLDER
from evalsite.cli.rehearsing import rehearsal
from evalsite.errors import UsageError
from evalsite.formats.files import write_file
from evalsite.publish.config import NAME as CONFIG
from evalsite.publish.origin import Requirement, own_action, own_requirement, repository_in
from evalsite.publish.scaffold import SUMS, Names, scaffold, sums_of
from evalsite.rundir.finding import find_runs
from evalsite.stats.targets import NAMED_TOML


@click.command("init")
@click.argument("folder", type=FOLDER, default=Path())
@click.option("--title", default="", metavar="TEXT", help="The site's name.  [default: from the repository]")
@click.option(
    "--repository", default="", metavar="NAME", help="owner/name on GitHub.  [default: git's remote origin]"
)
@click.option(
    "--site-url", default="", metavar="URL", help="Where the site will stand.  [default: GitHub Pages']"
)
@click.option("--baseline", default="", metavar="MODEL", help="What candidates are compared with.")
@click.option(
    "--targets",
    type=click.Choice(list(NAMED_TOML)),
    default=None,
    help="Targets that go by a name, instead of the scaffold's.",
)
@click.option(
    "--requirement",
    default="",
    metavar="TEXT",
    help="What the workflow installs, such as 'evalsite[cards] @ git+https://...'.  [default: what runs "
    "here, from where pip got it]",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
def command(folder: Path, *, dry_run: bool, **options: Any) -> None:
    """Make FOLDER (default: this one) a results repository that publishes itself.

    Writes evalsite.toml, targets.toml, runs/, a GitHub Actions workflow that builds the site,
    checks the targets and deploys to Pages, an issue form for failures, and a README. What is
    there already is left as it is.
    """
    if given := options["repository"]:
        options["repository"] = repository_in(given)
        if not options["repository"]:
            raise UsageError(
                f"--repository {given}: not of the form owner/name, and no address on GitHub",
                hint="For example: evalsite init --repository me/results",
            )
    own = Requirement(options["requirement"]) if options["requirement"] else own_requirement()
    further = {"requirement": own.line, "wheel": own.wheel, "targets": options["targets"] or ""}
    names = Names.choose(folder, **{**options, **further}, action=own_action())
    files = scaffold(names)
    if own.wheel and (folder / own.wheel).is_file():
        files[SUMS] = sums_of(own.wheel, (folder / own.wheel).read_bytes())  # of the one that stays
    for path, data in files.items():
        if (folder / path).exists() or (folder / path).is_symlink():
            click.echo(f"keep   {folder / path}")
            continue
        if not dry_run:
            write_file(folder, path, data)
        click.echo(f"{'would write' if dry_run else 'write'}  {folder / path}")
    if not dry_run:
        _advise(folder, names)


def _advise(folder: Path, names: Names) -> None:
    """Say what is left to do by hand."""
    if names.repository.startswith("OWNER/"):
        say("note: put your name for OWNER in evalsite.toml and README.md, or begin with --repository")
    if names.wheel:
        say(
            f"note: {names.wheel} is the evalsite that runs here, which others could get nowhere else; the "
            "workflow installs it. Another source: --requirement 'evalsite[cards] @ git+https://...'"
        )
    say(
        "note: before the first push, choose GitHub Actions as the source under the repository's Settings > "
        "Pages; then commit all of this with runs/, and push"
    )
    here = folder.resolve() == Path.cwd()
    if find_runs(folder / "runs"):
        words: tuple[object, ...] = ("build", *(() if here else ("--config", folder / CONFIG)))
    else:
        words = rehearsal(*(() if here else ("--runs-dir", folder / "runs")))
    say(f"next: {as_typed(*words)}")
