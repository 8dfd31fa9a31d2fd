"""What missing samples could make of a target's figure: at worst, and at best."""

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.targets.measure import Measured, measure
from evalsite.stats.targets.schema import Target


def is_hidden(target: Target, run: LoadedRun, base: LoadedRun | None) -> bool:
    """Whether samples are missing of which nobody knows what they would have made of the figure: of calls and
    of first edits no worst case is measured.
    """
    return _lacking(target, run, base) > 0 and not _is_of_passes(target)


def _lacking(target: Target, run: LoadedRun, base: LoadedRun | None) -> int:
    """How many samples are missing that would count."""
    if not target.metric.means.depends_on_all:
        return 0
    return run.num_missing + (base.num_missing if base and target.metric.means.is_relative else 0)


def _is_of_passes(target: Target) -> bool:
    return target.metric.figure in ("", "accuracy")


def worst_and_best(
    target: Target, run: LoadedRun, base: LoadedRun | None
) -> tuple[Measured, Measured] | None:
    """Measure again with what the runs lack taken against the candidate, and for it; None if nothing lacks.

    Against it: the candidate's missing samples failed (each in the class, or with the symptom, that is
    counted, if one is), the baseline's passed.
    """
    if not _lacking(target, run, base) or not _is_of_passes(target):
        return None
    found = []
    for passed in (False, True):
        ours = run.filled(passed=passed, kind=target.metric.field or "wrong_answer")
        theirs = base.filled(passed=not passed) if base else None
        found.append(measure(target, ours, theirs))
    worst, best = found
    return (worst, best) if isinstance(worst, Measured) and isinstance(best, Measured) else None
