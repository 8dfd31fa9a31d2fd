"""A pool of data sets as a target takes it: the pairs of runs in, the figure of a target out."""

from collections.abc import Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.suites import SuiteComparison, compare_suites
from evalsite.stats.targets.measure import Measured, Unmeasured, as_of_one_look
from evalsite.stats.targets.schema import Target


def compare_pool(
    target: Target, pairs: Sequence[tuple[LoadedRun, LoadedRun]]
) -> SuiteComparison | Unmeasured:
    """Hold a candidate's runs against the baseline's, over all data sets; or say why nothing follows yet."""
    found = compare_suites(pairs, target.weights, margin=target.threshold / 100, confidence=target.confidence)
    if found is None:
        return Unmeasured(
            f"Not every data set of the pool {' + '.join(target.pool)} has a problem in common."
        )
    return Unmeasured(found.pending) if found.pending else found


def pooled_measure(target: Target, found: SuiteComparison) -> Measured:
    """The figure of a target, with whole sentences on what is behind it."""
    numbers = found.numbers
    missing = (found.missing.sentence,) if found.missing else ()
    most = max(numbers.excess.most, found.missing.worst.excess.most if found.missing else 0.0)
    chance = as_of_one_look(most, numbers.interval.confidence, target.confidence)
    return Measured(
        actual=100 * (0.0 - numbers.value),  # never -0.0
        interval=numbers.interval.scaled(-100),
        candidate=100 * numbers.candidate,
        base=100 * numbers.base,
        num_problems=numbers.num_problems,
        total_problems=found.total_problems,
        chance=chance,
        caveats=(
            *found.sequential,
            found.spread,
            *filter(None, (found.clustered,)),
            *missing,
            *found.caveats,
        ),
        hidden=numbers.by_figures == "met" and found.hidden_loss,
    )
