"""Runs of one candidate on several data sets that stop together: looks at the difference over all of them.

Each run records the plan of its looks, and each look with what was found over all, so that later verdicts on
one of them, and on all, know how many looks there were.
"""

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.errors import UsageError
from evalsite.rundir.beside import append_look, looks
from evalsite.rundir.looks import Look, LookPlan, Outcome
from evalsite.rundir.store import RunDir
from evalsite.runner.deciding import FINAL
from evalsite.stats.compare.suites import SuiteComparison, compare_suites
from evalsite.stats.sequential import LookRule, chance_of_decision
from evalsite.words.moments import stamp
from evalsite.words.sentences import count, percents


def plan_looks(
    run_dir: RunDir, base: str, margin: float, at: Sequence[int], pool: tuple[str, ...], rule: LookRule
) -> None:
    """Write down in a run that was just begun when it will be looked at, unless that stands there.

    ``base``: id of the baseline's run; ``at``: how many problems are there at each look, the last time all;
    ``pool``: the data sets that are looked at together; ``rule``: what looks spend, and when they give up.
    Raises :class:`UsageError` for another plan.
    """
    run = run_dir.read_run()
    stops = tuple(sorted(set(at)))
    plan = LookPlan(
        base=base,
        margin=margin,
        stops=stops,
        num_samples=run.num_samples,
        pool=pool,
        spending=rule.spending,
        give_up=rule.give_up,
    )
    if run.looks is None and run.num_problems in stops and not looks(run_dir):
        run_dir.write_run(replace(run, looks=plan))
    elif run.looks != plan:
        raise UsageError(
            f"{run_dir.path}: was begun with other looks: {_told(run.looks)} -> {_told(plan)}",
            hint="Looks are fixed before the first answer. Take the change back, or begin another plan.",
        )


def look_together(
    pairs: Sequence[tuple[LoadedRun, RunDir]], margin: float, fraction: Fraction, give_up: float
) -> Outcome | None:
    """Look at what is there of all data sets, and record it in each run; or return what was found before.

    ``pairs``: the baseline's run and the candidate's, which has just what is asked by this look; of all that
    is ``fraction``. ``give_up``: the least chance of a verdict by the end that is worth asking on for. None
    where nothing can be concluded, as samples have no verdict.
    """
    runs = [load_run(run_dir) for _, run_dir in pairs]
    known = [_known(run) for run in runs]
    if all(known):
        return known[0].outcome if known[0] else None
    found = compare_suites([(base, run) for (base, _), run in zip(pairs, runs, strict=True)], margin=margin)
    if found is None or found.pending or found.missing:
        return None
    # Of a kill between two runs' looks: all are to say the same.
    outcome = next((look.outcome for look in known if look), _outcome(found, fraction, give_up))
    interval = found.numbers.interval
    for run, before in zip(runs, known, strict=True):
        if before is None:
            look = Look(
                at=stamp(),
                num_problems=run.run.num_problems,
                num_samples=run.run.num_samples,
                outcome=outcome,
                confidence=float(interval.confidence),
                difference=found.numbers.value,
                low=interval.low,
                high=interval.high,
            )
            append_look(run.dir, look)
    return outcome


def last_outcome(run_dirs: Sequence[RunDir]) -> Outcome | None:
    """Return what ended a candidate's runs, where something did: the last look found it."""
    last = [looks(run_dir)[-1:] for run_dir in run_dirs]
    found = {look.outcome for each in last for look in each}
    return found.pop() if len(found) == 1 and all(last) and found <= set(FINAL) else None


def told(outcome: Outcome, look: tuple[int, int], samples: tuple[int, int]) -> str:
    """What a look found, in a line; ``look``: which, of at most how many; ``samples``: there, and of all."""
    (number, most), (here, total) = look, samples
    line = f"look {number} of at most {most}, at {here:,} of {count(total, 'sample')}: {outcome}"
    if outcome in FINAL and here < total:
        line += f"; {count(total - here, 'sample')} saved ({percents(1 - here / total)})"
    return line


def _known(run: LoadedRun) -> Look | None:
    here = run.run.num_problems, run.run.num_samples
    return next((look for look in run.looks if look.amount == here), None)


def _outcome(found: SuiteComparison, fraction: Fraction, give_up: float) -> Outcome:
    if found.decision in ("met", "missed"):
        return found.decision
    hope = chance_of_decision(found.numbers.distance, float(fraction))
    if fraction < 1 and hope < give_up:
        return "futile"
    return "vacuous" if found.decision == "vacuous" else "inconclusive"


def _told(plan: LookPlan | None) -> str:
    if plan is None:
        return "none"
    rule = f"{plan.spending}, giving up below {percents(plan.give_up)}"
    told = f"at {list(plan.stops)} problems, margin {100 * plan.margin:g}, {rule}"
    return f"{told}, with {' + '.join(plan.pool)}"
