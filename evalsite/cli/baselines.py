"""``--baseline``: the option, and what is meant by a name that was typed."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.core import ParameterSource

from evalsite.cli.options import find_run
from evalsite.cli.parameters import NAME
from evalsite.errors import RunError
from evalsite.rundir.schema import Run
from evalsite.stats.baseline import why_unknown

baseline_option = click.option(
    "--baseline",
    type=NAME,
    metavar="MODEL-OR-RUN",
    help="What to compare with: a model's name, a run's id or a unique part of it.  "
    '[default: the run whose model card says role = "baseline"]',
)
"""Adds ``--baseline``."""


def named_baseline(name: str | None, runs: Iterable[Run], runs_dir: Path) -> str | None:
    """Return the model or the run's id that is meant by a baseline's name, as RUN is found elsewhere.

    Only a name on the command line is looked for: one in evalsite.toml may stand there before its run does,
    and is told where it is missing. So is any name where there are no runs at all. Raises :class:`RunError`
    where a name that was typed fits no run, several, or one that is not among ``runs``.
    """
    there = list(runs)
    typed = click.get_current_context().get_parameter_source("baseline") is ParameterSource.COMMANDLINE
    if not name or not typed or not there or not why_unknown(there, name):
        return name
    try:
        found = find_run(Path(name), runs_dir).read_run().id
    except RunError as exc:
        raise RunError(f"--baseline {exc.message}", hint=exc.hint) from exc
    if found not in (run.id for run in there):
        raise RunError(
            f"--baseline {name}: the run {found} is not among those that are looked at",
            hint=f"It lies outside of {runs_dir}/, or evalsite.toml excludes it.",
        )
    return found
