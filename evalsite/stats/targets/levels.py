"""What a target says of a level of difficulty: the loss since the easiest one beyond the baseline's loss."""

from collections.abc import Iterable, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.levels import Wanted
from evalsite.stats.cliffs import choose_run, level_of, lost_further
from evalsite.stats.readiness import why_not_comparable
from evalsite.stats.targets.measured import Measured, Unmeasured
from evalsite.stats.targets.schema import Target


def measure_level(
    target: Target, run: LoadedRun, base: LoadedRun | None, runs: Sequence[LoadedRun]
) -> Measured | Unmeasured:
    """Hold a run and its baseline's against both on the easiest level, which ``runs`` have to hold."""
    if base is None:
        return Unmeasured(f"No baseline run on {run.dataset} to hold {run.model} against.")
    own, theirs = (_easier(each, runs) for each in (run, base))
    common = sorted(own.keys() & theirs.keys())
    if not common:
        of = level_of(run)[0][0]
        return Unmeasured(
            f"{run.model} and {base.model} were not both asked an easier level than {run.dataset}, "
            f"such as {of}."
        )
    first = (theirs[common[0]], own[common[0]])
    if reason := why_not_comparable(base, run) or why_not_comparable(*first):
        return Unmeasured(reason)
    found = lost_further(first, (base, run), margin=target.threshold / 100, confidence=target.confidence)
    if found is None:
        return Unmeasured(f"The four runs on {first[1].dataset} and {run.dataset} have no problem in common.")
    return Measured(
        actual=100 * (0.0 - found.value),  # never -0.0
        interval=found.interval.scaled(-100),
        candidate=100 * found.candidate,
        base=100 * found.base,
        least=100 * found.could_lose,
        num_problems=found.num_problems,
        total_problems=run.run.dataset.num_problems,
        since=first[1].dataset,
    )


def _easier(run: LoadedRun, runs: Iterable[LoadedRun]) -> dict[Wanted, LoadedRun]:
    """Levels of a run's data set that are easier in something and harder in nothing -> its model's run."""
    of, at = level_of(run)
    found: dict[Wanted, list[LoadedRun]] = {}
    for each in runs:
        where, wanted = level_of(each)
        below = wanted.distractors <= at.distractors and wanted.context_tokens <= at.context_tokens
        if each.model == run.model and where == of and below and wanted != at:
            found.setdefault(wanted, []).append(each)
    campaign = run.run.campaign.id if run.run.campaign else ""
    return {wanted: choose_run(there, campaign) for wanted, there in found.items()}
