"""``evalsite compare``: two runs, problem by problem."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.config import config_option, settled, site_options
from evalsite.cli.console import as_typed, say, show
from evalsite.cli.options import find_run, format_option, runs_dir_option
from evalsite.cli.parameters import PATH, POINTS, option
from evalsite.counts.loaded import LoadedRun
from evalsite.errors import EXIT_MISSED, EXIT_OK, NotDecidedError, UsageError
from evalsite.publish.config import Config
from evalsite.report import comparison, forest, scorecards, suites
from evalsite.report.brief import as_brief
from evalsite.rundir.files import writing
from evalsite.site.addresses import Addresses
from evalsite.stats.compare.pooled import WEIGHTS
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.stats.decision import MARGIN
from evalsite.stats.distance import distances_between
from evalsite.stats.scorecards import Scorecard


@click.command("compare")
@click.argument("base", type=PATH)
@click.argument("candidate", type=PATH)
@option(
    "--margin",
    type=POINTS,
    default=100 * MARGIN,
    metavar="POINTS",
    help="Loss of pass@1 that is allowed.",
)
@click.option(
    "--pool",
    metavar="LIST",
    help="One verdict over several data sets, with commas, or 'all' that both were asked: BASE and CANDIDATE "
    "are models then, by name or by one of their runs.",
)
@option(
    "--weights",
    type=click.Choice(WEIGHTS),
    default=WEIGHTS[0],
    help="What counts the same in a pool or on a card: each problem, or each data set.",
)
@click.option(
    "--card",
    is_flag=True,
    help="One card over all that both models were asked: functions, languages, calls, edits, agent, levels, "
    "symptoms, and what was not measured. BASE and CANDIDATE as of --pool.",
)
@click.option(
    "--chart",
    type=PATH,
    metavar="FILE",
    help="Of a pool: draw each data set's difference and the pooled one as SVG (a forest plot).",
)
@click.option("--repeat", type=PATH, help="A second run of the baseline: shows how much is mere noise.")
@click.option("--strict", is_flag=True, help="Refuse to compare runs that were not made alike (exit code 9).")
@click.option(
    "--force", is_flag=True, help="Compare even a run with itself, or against the roles of the model cards."
)
@click.option("--full", is_flag=True, help="Print all of the comparison, not what fits into a screen.")
@click.option("--site-url", default="", metavar="URL", help="Link flips to the published site.")
@format_option(comparison.FORMATS)
@runs_dir_option
@config_option
def command(base: Path, candidate: Path, runs_dir: Path, config: Config, **options: Any) -> int:
    """Compare a CANDIDATE run with a BASE run: did it lose more than is allowed?

    An order of the two that contradicts the roles of their model cards is refused.

    The exit code is the verdict: 0 no, 1 yes, 9 these data cannot tell (the baseline may be too
    weak for the margin), or one of the runs has not ended, lacks samples, or asks only a part of
    its data set.
    """
    runs_dir = settled("runs_dir", runs_dir, config.runs)
    if options["pool"] is not None or options["card"]:
        return _of_models(base, candidate, runs_dir, options)
    if options["chart"]:
        raise UsageError("--chart draws several data sets", hint="Name them, or all of them: --pool all")
    base_dir, candidate_dir = (find_run(name, runs_dir) for name in (base, candidate))
    repeat = options["repeat"]
    found = api.compare(
        api.open_run(base_dir.path),
        api.open_run(candidate_dir.path),
        margin=options["margin"] / 100,
        repeat=api.open_run(find_run(repeat, runs_dir).path) if repeat else None,
        strict=options["strict"],
        force=options["force"],
    )
    site = site_options(config, site_url=settled("site_url", options["site_url"], config.site_url))
    link = Addresses.of(candidate_dir, site).problem if site.site_url else _no_link
    brief = options["form"] == "text" and not options["full"]
    text = (as_brief if brief else comparison.FORMATS[options["form"]])(found, link)
    show(text, options["form"])
    for run in (found.base, found.candidate):
        if run.is_ungraded:
            say(f"next: {as_typed('grade', run.dir.path)}")
    return _exit_code(found)


def _of_models(base: Path, candidate: Path, runs_dir: Path, options: dict[str, Any]) -> int:
    """The verdict over several data sets, or the card over all that was measured."""
    wanted = "card" if options["card"] else "pool"
    others = ("repeat", "strict", "force", "site_url", *(("pool", "chart") if options["card"] else ()))
    if given := [name for name in others if options[name]]:
        of = "several data sets" if given[0] in ("pool", "chart") else "two runs"
        raise UsageError(
            f"--{given[0].replace('_', '-')} is of {of}, and --{wanted} of two models"
            + (" and all that they were asked" if options["card"] else "")
        )
    runs = api.open_runs(runs_dir)
    models = _model(base, runs, runs_dir), _model(candidate, runs, runs_dir)
    asked = {"margin": options["margin"] / 100, "weights": options["weights"]}
    if options["card"]:
        card = api.scorecard(runs, *models, distances=distances_between(runs_dir, *models), **asked)
        show(scorecards.FORMATS[options["form"]](card), options["form"])
        return _exit_code(card)
    names = [name.strip() for name in options["pool"].split(",") if name.strip()]
    if not names:
        raise UsageError("--pool names no data set", hint="Name them, or all of them: --pool all")
    found = api.compare_pool(runs, *models, () if names == ["all"] else names, **asked)
    show(suites.FORMATS[options["form"]](found), options["form"])
    if options["chart"]:
        with writing(options["chart"]):
            options["chart"].write_text(forest.as_svg(found), encoding="utf-8")
        say(f"wrote {options['chart']}")
    return _exit_code(found)


def _model(name: Path, runs: Sequence[LoadedRun], runs_dir: Path) -> str:
    """The model that is meant: by its name, or by that of one of its runs."""
    if str(name) in (run.model for run in runs):
        return str(name)
    return find_run(name, runs_dir).read_run().model.name


def _no_link(_task_id: str) -> str:
    return ""


def _exit_code(found: RunComparison | SuiteComparison | Scorecard) -> int:
    return {"met": EXIT_OK, "missed": EXIT_MISSED}.get(found.decision, NotDecidedError.exit_code)
