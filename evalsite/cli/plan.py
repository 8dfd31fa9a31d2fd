"""``evalsite plan``: what a decision would cost, before anybody is asked."""

from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.baselines import named_baseline
from evalsite.cli.console import say, show
from evalsite.cli.options import format_option, runs_dir_option
from evalsite.cli.parameters import NAME, PATH, POINTS, Number, option
from evalsite.errors import UsageError
from evalsite.report.plans import as_json, as_markdown, as_svg, as_text
from evalsite.stats.compare.pooled import WEIGHTS
from evalsite.stats.decision import MARGIN
from evalsite.stats.plans import Place, Question, published

FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


@click.command("plan")
@click.option("--baseline", type=NAME, metavar="MODEL-OR-RUN", help="The model that was asked already.")
@click.option(
    "--published",
    multiple=True,
    metavar="NAME=PERCENT/PROBLEMS",
    help="A data set of which only a published pass@1 is known, such as humaneval=82/164: the baseline has "
    "to be asked there, too.",
)
@option("--margin", type=POINTS, default=100 * MARGIN, metavar="POINTS", help="Allowed loss.")
@option("--loss", type=POINTS, default=0.0, metavar="POINTS", help="True loss planned for.")
@option(
    "--power",
    type=Number(min=0.05, max=0.999),
    default=0.8,
    help="Chance wanted to be met.",
)
@click.option(
    "--weights", type=click.Choice(WEIGHTS), default=WEIGHTS[0], help="What counts the same in a pool."
)
@click.option(
    "--seconds-per-sample",
    type=Number(min=0),
    metavar="S",
    help="Of a request.  [default: the baseline's own mean]",
)
@click.option("--chart", type=PATH, metavar="FILE", help="Draw power against requests as SVG.")
@format_option(FORMATS)
@runs_dir_option
def command(baseline: str | None, form: str, runs_dir: Path, **options: Any) -> None:
    """Say what it takes to decide: power, requests, tokens and hours, the cheapest plan first.

    Each data set that the baseline was asked, all of them together, and 1, 2, 5 and 10 samples of
    each problem are tried. Nobody is asked anything.
    """
    if not baseline and not options["published"]:
        raise UsageError(
            "plan needs a baseline", hint="Name one with --baseline, or a score: --published humaneval=82/164"
        )
    runs = api.open_runs(runs_dir) if baseline else ()
    named = named_baseline(baseline, [run.run for run in runs], runs_dir)
    asked = Question(
        options["margin"] / 100,
        options["loss"] / 100,
        options["power"],
        options["weights"],
        options["seconds_per_sample"],
    )
    found = api.plan(runs, named, [_published(text) for text in options["published"]], asked)
    text = FORMATS[form](found, asked)
    show(text, form)
    if options["chart"]:
        options["chart"].write_text(as_svg(found, asked), encoding="utf-8")
        say(f"wrote {options['chart']}")


def _published(text: str) -> Place:
    name, _, figures = text.partition("=")
    percent, _, problems = figures.partition("/")
    try:
        score, size = float(percent), int(problems)
    except ValueError:
        score, size = -1.0, 0
    if not name or not 0 < score <= 100 or not 0 < size <= 100_000:
        raise UsageError(
            f"--published {text}: must be a name, a score in percent and a number of problems",
            hint="For example: --published humaneval=82/164",
        )
    return published(name, score / 100, size)
