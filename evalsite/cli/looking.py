"""Options of a run that stops when it is decided, and what a later ``resume`` takes over of them."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import say
from evalsite.cli.options import find_run
from evalsite.cli.parameters import PATH, POINTS, Taken, taken
from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.errors import RunError, UsageError
from evalsite.rundir.finding import find_records
from evalsite.rundir.schema import Run
from evalsite.rundir.store import RunDir
from evalsite.runner.deciding import Deciding
from evalsite.runner.plan import Plan
from evalsite.runner.recording import describe_dataset
from evalsite.stats.decision import MARGIN
from evalsite.words.commands import command

LOOKS = 5
BASE = "baseline_run"
"""What a later command takes over: where the baseline's run stands on this machine."""


@dataclass(frozen=True)
class LookingOptions(Taken):
    """``--until-decided`` and what belongs to it."""

    until_decided: Path | None = taken(
        "--until-decided",
        type=PATH,
        metavar="BASE",
        help="Stop as soon as it is certain whether more was lost than is allowed against this run of "
        "the baseline, or as that can hardly be told any more. Problems are drawn at random.",
    )
    margin: float | None = taken(
        "--margin",
        type=POINTS,
        metavar="POINTS",
        help=f"Loss of pass@1 that is allowed, for --until-decided.  [default: {100 * MARGIN:g}]",
    )
    looks: int | None = taken(
        "--looks",
        type=click.IntRange(1, 20),
        metavar="N",
        help=f"Look at most N times, for --until-decided.  [default: {LOOKS}]",
    )
    thrifty: bool = taken(
        "--thrifty",
        is_flag=True,
        help="Save more requests and decide less, for --until-decided: looks may err sooner, and give up "
        "sooner.",
    )

    def stopping(self, plan: Plan, runs_dir: Path, *, grade: bool) -> Plan:
        """Return the plan with what stops it; as it is where nothing does. Raises UsageError."""
        if self.until_decided is None:
            given = {"--margin": self.margin is not None, "--looks": self.looks is not None}
            given["--thrifty"] = self.thrifty
            if option := next((name for name, is_given in given.items() if is_given), ""):
                raise UsageError(f"{option} says when to stop, and belongs to --until-decided BASE")
            return plan
        others = {
            "--problems": plan.only,
            "--shard": plan.shard,
            "--max-problems": plan.max_problems,
            "several levels": plan.campaign,
            "--no-grade": not grade,
        }
        if clash := next((name for name, value in others.items() if value), ""):
            raise UsageError(
                f"--until-decided and {clash} exclude each other: it says by itself how much is asked, and "
                "has to see what passed"
            )
        base = load_run(find_run(self.until_decided, runs_dir))
        margin = MARGIN if self.margin is None else self.margin / 100
        dataset = describe_dataset(plan.dataset)
        deciding = Deciding.prepare(
            base, dataset, plan.num_samples, margin, self.looks or LOOKS, thrifty=self.thrifty
        )
        if (told := deciding.saves_nothing) and self.looks != 1:
            say(f"note: {told}")
        return dataclasses.replace(plan, deciding=deciding, max_problems=deciding.plan.stops[0])


def goes_on_deciding(
    run_dir: RunDir, record: Run, num_samples: int, earlier: dict[str, Any]
) -> Deciding | None:
    """What stops a run that is gone on with; None where nothing did, or where it is asked more samples now.

    One that is looked at together with others is stopped by the sweep that asks them all. ``earlier``: what
    the command before wrote down. Raises RunError where the baseline's run is gone.
    """
    if record.looks is None or record.looks.pool or num_samples != record.looks.num_samples:
        return None
    return Deciding(_base(run_dir, record.looks.base, earlier), record.looks)


def _base(run_dir: RunDir, base: str, earlier: dict[str, Any]) -> LoadedRun:
    beside = {run.id: other.path for other, run in find_records(run_dir.path.parent)}
    found = beside.get(base) or Path(str(earlier.get(BASE, "")))
    if not RunDir(found).exists():
        raise RunError(
            f"{run_dir.path}: stops when it is decided against {base}, which is not beside it",
            hint=f"Put that run there, and go on with: {command('resume', run_dir.path)}",
        )
    return load_run(RunDir(found))
