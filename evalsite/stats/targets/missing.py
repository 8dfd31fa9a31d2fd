"""What missing samples could make of a target's figure: at worst, and at best."""

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.targets.measure import Measured, measure
from evalsite.stats.targets.schema import Target


def worst_and_best(
    target: Target, run: LoadedRun, base: LoadedRun | None
) -> tuple[Measured, Measured] | None:
    """Measure again with what the runs lack taken against the candidate, and for it; None if nothing lacks.

    Against it: the candidate's missing samples failed (each in the class, or with the symptom, that is
    counted, if one is), the baseline's passed.
    """
    metric = target.metric
    lacking = run.num_missing + (base.num_missing if base and metric.means.is_relative else 0)
    if not lacking or not metric.means.depends_on_all or metric.figure not in ("", "accuracy"):
        return None
    found = []
    for passed in (False, True):
        ours = run.filled(passed=passed, kind=metric.field or "wrong_answer")
        theirs = base.filled(passed=not passed) if base else None
        found.append(measure(target, ours, theirs))
    worst, best = found
    return (worst, best) if isinstance(worst, Measured) and isinstance(best, Measured) else None
