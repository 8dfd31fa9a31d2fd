"""The ways to hold a run against its baseline: points lost, share kept, or a posterior; one interval each."""

from evalsite.counts.passk import Counts, pass_at_k
from evalsite.stats.compare.clusters import Layout
from evalsite.stats.compare.evidence import at_most, changes_of
from evalsite.stats.compare.numbers import Difference
from evalsite.stats.compare.paired import p_value_at_most
from evalsite.stats.compare.posterior import BEFOREHAND, credible_interval, probability_of_loss
from evalsite.stats.compare.recovery import beyond, recovery
from evalsite.stats.intervals import Interval
from evalsite.stats.targets.schema import Target
from evalsite.words.sentences import sureness

Way = tuple[float, Interval, tuple[str, ...], float | None]
"""The figure in the metric's unit, its interval, whole sentences on how they came about, and the one-sided
p-value of "not met", where there is such a thing."""


def figures(
    target: Target,
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    lost: Difference,
    confidence: float,
    layout: Layout | None,
) -> Way | None:
    """Return what a target judges, if anything; runs as ``(n, c)``, shape (n_problems,).

    ``confidence``: what the intervals have, by which look it is; ``layout``: the problems' clusters.
    """
    if target.metric.means.is_share_kept:
        kept = recovery(base, candidate, lost.k, confidence=confidence, change=lost.interval, layout=layout)
        if kept is None:
            return None
        over = beyond(base, candidate, target.threshold / 100, lost.k, layout)
        chance = p_value_at_most(over.at(confidence), 0.0)
        return 100 * kept.value, kept.interval.scaled(100), (), chance
    actual = 100 * (0.0 - lost.value)  # never -0.0
    change = pass_at_k(*candidate, lost.k) - pass_at_k(*base, lost.k)
    changes = changes_of(base, candidate, change, lost.k, layout)
    if target.judged_by == "interval":
        changes = changes.at(confidence)
        margin = target.threshold / 100
        chance = at_most(changes, margin, lost.p_value)
        if target.two_sided:
            chance = max(chance, p_value_at_most(changes.turned, -margin))
        return actual, lost.interval.scaled(-100), (), chance
    chance = probability_of_loss(changes, target.threshold / 100)
    told = (
        f"Judged by a Bayesian model: the chance that more than {target.threshold:g} points were lost is "
        f"{sureness(chance, chance)} ({BEFOREHAND})."
    )
    return actual, credible_interval(changes, float(confidence)).scaled(-100), (told,), None
