"""The ways to hold a run against its baseline: points lost, share kept, or a posterior; one interval each."""

from evalsite.counts.passk import Counts, pass_at_k
from evalsite.stats.compare.evidence import changes_of
from evalsite.stats.compare.numbers import Difference
from evalsite.stats.compare.posterior import BEFOREHAND, credible_interval, probability_of_loss
from evalsite.stats.compare.recovery import recovery
from evalsite.stats.intervals import Interval
from evalsite.stats.targets.schema import Target
from evalsite.words.sentences import sureness

Way = tuple[float, Interval, tuple[str, ...]]
"""The figure in the metric's unit, its interval, and whole sentences on how they came about."""


def figures(
    target: Target, base: tuple[Counts, Counts], candidate: tuple[Counts, Counts], lost: Difference
) -> Way | None:
    """Return what a target judges, if anything; runs as ``(n, c)``, shape (n_problems,)."""
    if target.metric.kind == "recovery":
        kept = recovery(base, candidate, lost.k, confidence=target.confidence, change=lost.interval)
        return None if kept is None else (100 * kept.value, kept.interval.scaled(100), ())
    actual = 100 * (0.0 - lost.value)  # never -0.0
    if target.judged_by == "interval":
        return actual, lost.interval.scaled(-100), ()
    changes = changes_of(base, candidate, pass_at_k(*candidate, lost.k) - pass_at_k(*base, lost.k), lost.k)
    chance = probability_of_loss(changes, target.threshold / 100)
    told = (
        f"Judged by a Bayesian model: the chance that more than {target.threshold:g} points were lost is "
        f"{sureness(chance, chance)} ({BEFOREHAND})."
    )
    return actual, credible_interval(changes, target.confidence).scaled(-100), (told,)
