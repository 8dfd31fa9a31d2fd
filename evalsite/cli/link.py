"""``evalsite link``: a permalink to one sample, ready to paste."""

from pathlib import Path
from typing import Any

import click

from evalsite.cli.config import config_option, settle, site_options
from evalsite.cli.console import as_typed, open_address, printable, say
from evalsite.cli.options import find_run, runs_option
from evalsite.cli.parameters import option, run_argument
from evalsite.errors import UsageError
from evalsite.languages import language_of
from evalsite.publish.config import Config
from evalsite.report.sample import Pasted, as_block, as_issue, as_line
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.addresses import Addresses, find_sample
from evalsite.words.sentences import count


@click.command("link")
@run_argument
@click.argument("problem")
@click.argument("sample", type=click.IntRange(min=0), required=False)
@option(
    "--format",
    "form",
    type=click.Choice(["url", "markdown", "block", "issue"]),
    default="url",
    help="The address, one line of Markdown, a block with code and error, or a new issue's address.",
)
@click.option(
    "--turn", type=click.IntRange(min=1), help="A turn of an agent's transcript.  [default: the last]"
)
@click.option("--open", "launch", is_flag=True, help="Open the address in a browser, too.")
@click.option("--site-url", default="", metavar="URL", help="Where the site is published.")
@click.option("--repository", default="", metavar="NAME", help="owner/name or address, for issues.")
@click.option(
    "--issue-form", default="", metavar="FILE", help="The repository's issue form to fill in, if it has one."
)
@runs_option
@config_option
def command(
    run: Path, problem: str, sample: int | None, form: str, config: Config, *, launch: bool, **options: Any
) -> None:
    """Print the permalink of one SAMPLE of a PROBLEM in a RUN.

    PROBLEM is its id (HumanEval/3), the same as it stands in addresses (HumanEval-3), or its
    number. Without SAMPLE, the address is that of the problem's page; a block, a line or an issue is
    about its first failed sample. Where an agent failed, it leads to the last turn of its transcript.
    """
    settings = settle(config, options)
    site = site_options(
        config,
        **{name: settings[name] for name in ("site_url", "repository", "issue_form")},
    )
    if not site.site_url:
        raise UsageError(
            "where the site is published is not known",
            hint='Say it with --site-url URL, or with site_url = "..." in evalsite.toml.',
        )
    run_dir = find_run(run, settings["runs"])
    if site.excludes(run_dir.read_run()):
        raise UsageError(
            f"{run_dir.path}: evalsite.toml leaves this run out of the site",
            hint="Take it out of exclude to publish it.",
        )
    addresses = Addresses.of(run_dir, site)
    asked = addresses.find_problem(run_dir, problem)
    verdict = find_sample(run_dir, asked.task_id, sample)
    if form == "issue" and verdict.verdict is VerdictClass.PASSED:
        raise UsageError(
            f"{asked.task_id}, sample {verdict.sample}: passed, so there is no failure to file",
            hint=f"What failed: {as_typed('failures', run_dir.path)}",
        )
    turn = options["turn"]
    if turn:
        _refuse_turn(verdict, turn)
    of_problem = sample is None and form == "url" and not turn
    url = addresses.problem(asked.task_id) if of_problem else addresses.sample(verdict, turn)
    linked = Pasted(verdict, run_dir.read_run(), language_of(asked), url)
    address = url
    if form == "issue":
        if not site.repository_url:
            raise UsageError(
                "the repository for issues is not known",
                hint='Say it with --repository owner/name, or with repository = "..." in evalsite.toml.',
            )
        address = as_issue(linked, site.repository_url, site.issue_form)
    shown = {"url": url, "markdown": as_line(linked), "block": as_block(linked), "issue": address}[form]
    if not of_problem and not addresses.shows(verdict):
        say("note: evalsite.toml has this sample counted, but not shown; the link leads to its problem")
    click.echo(printable(shown))
    if launch:
        open_address(address)


def _refuse_turn(verdict: Verdict, turn: int) -> None:
    """Raise UsageError for a turn that a sample does not have."""
    had = verdict.agent.turns if verdict.agent else 0
    if turn > had:
        raise UsageError(
            f"{verdict.problem}, sample {verdict.sample}: there is no turn {turn}",
            hint=f"Its transcript has {count(had, 'turn')}."
            if had
            else "It is no agent's: leave --turn out.",
        )
